import { snapshotErrorCodes } from './snapshot-error-codes.ts';
import { terminalErrorCodes } from './terminal-error-codes.ts';

/**
 * Every error code a client can meet, with its title and the step that mends it.
 * A code is `area/what`; the message of an error says what happened with the value.
 */
export const errorCodes = {
  'config/invalid': {
    title: 'The configuration is not valid',
    hint: 'Correct the fields that are named.',
  },
  'config/unreadable': {
    title: 'The configuration cannot be read',
    hint: 'Correct the line that is named.',
  },
  'config/needs-new-sandbox': {
    title: 'A change needs a new sandbox',
    hint: 'Duplicate the sandbox with the new value, or leave the field as it was.',
  },
  'root/not-found': {
    title: 'The root is not there',
    hint: 'Check the path of the directory or disk image.',
  },
  'root/unsupported': {
    title: 'The root cannot be used',
    hint: 'Use a directory, or a disk image in the format raw, qcow2 or vmdk.',
  },
  'root/backing-refused': {
    title: 'The disk image names other files',
    hint: 'Look at the files that are named; if you trust them, allow backing files.',
  },
  'root/in-use': {
    title: 'The disk is in use',
    hint: 'Stop the sandbox that is named, or use a fork of the disk.',
  },
  'volume/source-missing': {
    title: 'The source of a volume is not there',
    hint: 'Check the path on the host.',
  },
  'volume/not-found': {
    title: 'There is no such volume',
    hint: 'List the volumes with `skerry volume ls`.',
  },
  'volume/in-use': {
    title: 'The volume is in use',
    hint: 'Remove the sandboxes that are named first, or remove the volume with force.',
  },
  'share/unavailable': {
    title: 'This host cannot share directories with a sandbox',
    hint: 'Run `skerry doctor` for what is missing.',
  },
  'patch/source-missing': {
    title: 'The source of a patch cannot be copied',
    hint: 'Check the path on the host.',
  },
  'patch/failed': {
    title: 'A patch could not be applied',
    hint: 'Correct the patch that is named.',
  },
  'preset/not-found': {
    title: 'There is no such preset',
    hint: 'List the presets with `skerry presets`.',
  },
  'sandbox/name-invalid': {
    title: 'The name is not valid',
    hint: 'Use letters, digits, ".", "_" and "-", at most 64, starting with a letter or digit.',
  },
  'sandbox/name-taken': {
    title: 'The name is taken',
    hint: 'Choose another name, or remove the sandbox that has it.',
  },
  'sandbox/not-found': {
    title: 'There is no such sandbox',
    hint: 'List the sandboxes with `skerry ls`.',
  },
  'sandbox/not-running': {
    title: 'The sandbox is not running',
    hint: 'Start it first.',
  },
  'sandbox/running': {
    title: 'The sandbox is running',
    hint: 'Stop it first, or remove it with force.',
  },
  'sandbox/busy': {
    title: 'The sandbox is busy',
    hint: 'Wait for the operation that is under way, or cancel it.',
  },
  'sandbox/record-unreadable': {
    title: 'The record of the sandbox cannot be read',
    hint: 'Move the folder that is named aside, or restore its sandbox.json.',
  },
  'image/reference-invalid': {
    title: 'The image reference is not valid',
    hint: 'Write it as name, name:tag or registry/name@sha256:digest.',
  },
  'image/not-found': {
    title: 'The image was not found',
    hint: 'Check the name and the tag.',
  },
  'image/in-use': {
    title: 'The image is in use',
    hint: 'Remove the sandboxes that are named first, or remove the image with force.',
  },
  'image/archive-invalid': {
    title: 'The file is not an archive of images',
    hint: 'Use what `docker save` or `podman save` writes, or an OCI layout.',
  },
  'image/path-unusable': {
    title: 'The path cannot be used',
    hint: 'Check the path and its permissions.',
  },
  'image/file-exists': {
    title: 'The file is there already',
    hint: 'Choose another name, or let it be replaced.',
  },
  'image/program-missing': {
    title: 'The program is not there',
    hint: 'Install buildah, podman or docker, or import an archive.',
  },
  'image/program-failed': {
    title: 'The program failed',
    hint: 'Read its output.',
  },
  'image/nothing-to-commit': {
    title: 'The sandbox has no disk that could become an image',
    hint: 'Commit a sandbox whose root is an image.',
  },
  'image/commit-failed': {
    title: 'The changes of the sandbox could not be read',
    hint: 'Correct what the message names, and try again.',
  },
  'image/not-stored': {
    title: 'The image is not in the store',
    hint: 'Pull it first, or choose another pull policy.',
  },
  'image/incomplete': {
    title: 'A part of the image is missing',
    hint: 'Pull the image again, and then repeat this.',
  },
  'image/platform-unavailable': {
    title: 'The image has no version for this machine',
    hint: 'Choose an image that is built for this architecture.',
  },
  'image/unsupported': {
    title: 'The image has a form that Skerry does not read',
    hint: 'Use an OCI or Docker v2 image.',
  },
  'image/layer-unsafe': {
    title: 'A layer holds an entry that is not safe to unpack',
    hint: 'Do not use this image; tell its publisher which entry is named here.',
  },
  'image/layer-corrupt': {
    title: 'A layer is damaged',
    hint: 'Pull the image again; if it stays so, the published image is damaged.',
  },
  'registry/unreachable': {
    title: 'The registry cannot be reached',
    hint: 'Check the name of the registry and the network.',
  },
  'registry/name-unknown': {
    title: 'No registry of that name is known',
    hint: 'Check the name of the registry and the name server of this machine.',
  },
  'registry/tls-failed': {
    title: 'The registry cannot be trusted',
    hint: 'Name the authority of its certificate in the settings of the registry, or mark it insecure.',
  },
  'registry/unauthorized': {
    title: 'The registry refused the request',
    hint: 'Check that the image is public, or log in to the registry.',
  },
  'registry/wrong-password': {
    title: 'The registry refused the password',
    hint: 'Log in to the registry again.',
  },
  'registry/forbidden': {
    title: 'The registry does not permit that',
    hint: 'Ask its owner for the permission, or log in as somebody else.',
  },
  'registry/not-configured': {
    title: 'Nothing is kept for this registry',
    hint: 'List what is there with `skerry registries`.',
  },
  'credentials/unreadable': {
    title: 'The credential cannot be read',
    hint: 'Read the message; the helper or file is named in it.',
  },
  'credentials/no-keeper': {
    title: 'Nothing here keeps a password encrypted',
    hint: 'Install `secret-tool` with a keyring or a Docker credential helper, or allow the file that is named.',
  },
  'registry/bad-answer': {
    title: 'The registry gave an answer that makes no sense',
    hint: 'Try again; if it stays so, the registry does not follow the OCI distribution specification.',
  },
  'registry/digest-mismatch': {
    title: 'The registry sent bytes that do not match their digest',
    hint: 'Try again; if it stays so, do not trust this registry.',
  },
  'store/no-space': {
    title: 'The disk is full',
    hint: 'Free some space and try again.',
  },
  'store/corrupt': {
    title: 'The image store is damaged',
    hint: 'Pull the image again.',
  },
  'network/port-in-use': {
    title: 'The port is in use',
    hint: 'Publish another port, or end the program that has it.',
  },
  'network/port-unavailable': {
    title: 'The port cannot be used',
    hint: 'Choose an address of this machine, and a port above 1023.',
  },
  'network/not-published': {
    title: 'The port is not published',
    hint: 'List the ports with `skerry port ls`.',
  },
  'network/gateway-failed': {
    title: 'The network of the sandbox failed',
    hint: 'It is started again by itself; if it stays so, restart the sandbox.',
  },
  'vm/accelerator-unusable': {
    title: 'Hardware virtualization cannot be used',
    hint: 'Look at the Host page, or run `skerry doctor`.',
  },
  'vm/qemu-missing': {
    title: 'QEMU is not installed',
    hint: 'Run `skerry doctor` for the command that installs it.',
  },
  'vm/assets-missing': {
    title: 'The guest kernel is not there',
    hint: 'Run `npm start`, which builds the guest assets.',
  },
  'vm/start-failed': {
    title: 'The virtual machine did not start',
    hint: 'Read the last lines of its log, which are in the details.',
  },
  'vm/crashed': {
    title: 'The virtual machine ended unexpectedly',
    hint: 'Read the last lines of its console, then start the sandbox again.',
  },
  'vm/unsupported': {
    title: 'This driver cannot do that',
    hint: 'Use a host that can.',
  },
  'agent/timeout': {
    title: 'The guest did not answer in time',
    hint: 'Read the last lines of its console, then start the sandbox again.',
  },
  'agent/protocol': {
    title: 'The guest broke the agent protocol',
    hint: 'Restart the sandbox; do not trust what runs in it.',
  },
  'agent/disconnected': {
    title: 'The connection to the guest was lost',
    hint: 'See whether the sandbox still runs.',
  },
  'agent/setup-failed': {
    title: 'The guest could not assemble its root',
    hint: 'Read the message; the step and the error of the guest kernel are in it.',
  },
  'exec/not-found': {
    title: 'The command was not found in the sandbox',
    hint: 'Check the name, and that the image has it.',
  },
  'exec/not-executable': {
    title: 'The command cannot be executed',
    hint: 'Check its permissions and its interpreter.',
  },
  'exec/bad-workdir': {
    title: 'The working directory cannot be entered',
    hint: 'Choose a directory that exists in the sandbox.',
  },
  'exec/bad-user': {
    title: 'The user does not exist in the sandbox',
    hint: 'Choose a user of the image, or a numeric id.',
  },
  'exec/failed': {
    title: 'The command could not be started',
    hint: 'Read the message; the error of the guest kernel is in it.',
  },
  'session/not-found': {
    title: 'There is no such session',
    hint: 'It may have ended; open a new one.',
  },
  'session/taken-over': {
    title: 'Another window took the session over',
    hint: 'Attach again to take it back.',
  },
  'session/protocol': {
    title: 'The client of a session broke the rules of its channel',
    hint: 'Reload the window; if it stays so, use a client of the same version as the host process.',
  },
  'file/not-found': {
    title: 'There is no such file in the sandbox',
    hint: 'Look at its directory again; it may have been renamed or removed.',
  },
  'file/exists': {
    title: 'There is a file of that name already',
    hint: 'Choose another name, or replace it.',
  },
  'file/denied': {
    title: 'The sandbox does not allow that',
    hint: 'Look at the permissions; a read-only volume takes no changes.',
  },
  'file/wrong-kind': {
    title: 'The file is of another kind',
    hint: 'A directory was needed where there is none, or the other way round.',
  },
  'file/not-empty': {
    title: 'The directory is not empty',
    hint: 'Remove what is in it too, if it is to go.',
  },
  'file/too-large': {
    title: 'The file is too large to be opened here',
    hint: 'Download it instead.',
  },
  'file/not-text': {
    title: 'The file is no text',
    hint: 'Download it instead.',
  },
  'file/changed': {
    title: 'The file has changed since it was opened',
    hint: 'Look at what it is now, then save over it or keep your text elsewhere.',
  },
  'file/no-space': {
    title: 'The disk of the sandbox is full',
    hint: 'Remove something in it, or give it a larger disk.',
  },
  'file/archive-invalid': {
    title: 'The archive could not be unpacked',
    hint: 'Read the message; what was unpacked before stays.',
  },
  'file/failed': {
    title: 'The sandbox could not do that with the file',
    hint: 'Read the message; the error of the guest kernel is in it.',
  },
  'file/unreadable-here': {
    title: 'A file of this machine could not be read',
    hint: 'It may have changed or gone since it was chosen; choose it again.',
  },
  'file/not-saved': {
    title: 'The download could not be saved',
    hint: 'Download less at once, or use "skerry cp" in a terminal of this machine.',
  },
  'command/not-found': {
    title: 'There is no such run of a command',
    hint: 'It may have made way for later ones.',
  },
  'command/invalid': {
    title: 'The command cannot be run like this',
    hint: 'Give a line for the shell, a script of the sandbox, or a command with its arguments.',
  },
  'operation/not-found': {
    title: 'There is no such operation',
    hint: 'It may have ended.',
  },
  'operation/cancelled': {
    title: 'The operation was cancelled',
    hint: 'Start it again when you want it.',
  },
  'host/already-running': {
    title: 'Another Skerry uses this state directory',
    hint: 'Use the one that runs, or name another directory with SKERRY_HOME.',
  },
  'host/runtime-dir-unsafe': {
    title: 'The directory for sockets is not private',
    hint: 'Remove the directory that is named, or see who made it.',
  },
  'host/unreachable': {
    title: 'The host process does not answer',
    hint: 'Start it with `skerry serve`.',
  },
  'host/port-unavailable': {
    title: 'The port cannot be used',
    hint: 'Choose another with `--port`, or leave it out for any free one.',
  },
  'host/path-too-long': {
    title: 'The path of a socket is too long for this system',
    hint: 'Choose a shorter directory for SKERRY_HOME or XDG_RUNTIME_DIR.',
  },
  'host/not-allowed': {
    title: 'The request was not allowed',
    hint: 'Open the address that `skerry serve` printed.',
  },
  ...terminalErrorCodes,
  ...snapshotErrorCodes,
  'internal/unexpected': {
    title: 'Something went wrong inside Skerry',
    hint: 'Copy the report and open an issue.',
  },
} as const satisfies Record<string, { title: string; hint: string }>;

/** One of the codes above. */
export type ErrorCode = keyof typeof errorCodes;
