import { createForm } from './create-form.ts';

/** English of `create`: making, changing, copying and removing a sandbox. */
export const create = {
  title: 'New sandbox',
  submit: 'Create',
  submitting: 'Creating…',
  presetUnusable: 'The preset "{{name}}" cannot be used. {{problems}}',
  form: createForm,
  cpus_one: '{{count}} CPU',
  cpus_other: '{{count}} CPUs',
  problem: {
    path: 'A path of this host begins with "/" or "~/".',
    nameTaken: 'The name "{{name}}" is taken.',
    memory: 'This machine has {{memory}} MiB.',
    twice: '"{{name}}" is there twice.',
    notNameValue: 'Line {{line}} is not NAME=value.',
  },
  summary: {
    title: 'Summary',
    commandLine: 'Command line',
    copyCommandLine: 'command line',
    correct_one: 'Correct the field that is marked.',
    correct_other: 'Correct the fields that are marked.',
    disk: '{{size}} disk',
    volumes_one: '{{count}} volume',
    volumes_other: '{{count}} volumes',
    scripts_one: '{{count}} script',
    scripts_other: '{{count}} scripts',
    patches_one: '{{count}} patch',
    patches_other: '{{count}} patches',
    variables_one: '{{count}} variable',
    variables_other: '{{count}} variables',
  },
  file: {
    import: 'Import',
    export: 'Export',
    label: 'Configuration file',
  },
  presets: {
    label: 'Presets',
    remove: 'Remove the preset {{name}}',
    saveAs: 'Save as preset',
    name: 'Name of the preset',
    nameHelp: 'Everything in this form but the name of the sandbox.',
    save: 'Save',
  },
  edit: {
    title: 'Edit {{name}}',
    stays:
      'The name, the root (<image/>) and the patches stay as they were when the sandbox was made. Duplicate it to change its name.',
    changes: 'Changes',
    correct: 'Correct the fields that are marked.',
    save: 'Save',
    nothing: 'Nothing has changed.',
    now: 'now',
    nextStart: 'at the next start',
    newSandbox: 'needs a new sandbox',
  },
  duplicate: {
    title: 'Duplicate {{name}}',
    label: 'Duplicate',
    name: 'Name of the copy',
    nameTaken: 'The name is taken.',
    withDisk: 'With its disk',
    withDiskHelp: 'Every file that was written in it; without, the copy begins anew.',
    stopFirst: 'The disk can be copied once the sandbox is stopped.',
    submit: 'Duplicate',
  },
  remove: {
    title: 'Remove {{name}}?',
    confirm: 'Remove',
    /** By the state that it is in. */
    alive: {
      creating: 'It is creating. It is stopped first, and its terminals end.',
      starting: 'It is starting. It is stopped first, and its terminals end.',
      running: 'It is running. It is stopped first, and its terminals end.',
      paused: 'It is paused. It is stopped first, and its terminals end.',
      suspending: 'It is being suspended. It is stopped first, and its terminals end.',
      suspended: 'It is suspended. What is in its memory is lost.',
      stopping: 'It is stopping. It is stopped first, and its terminals end.',
    },
    goesDisk:
      '<strong>Goes:</strong> its disk of {{size}} with every file that was written in it. There is no way back.',
    goesOverlay:
      '<strong>Goes:</strong> its overlay of the disk with every file that was written in it. There is no way back.',
    goesRecord: '<strong>Goes:</strong> its record and its logs. There is no way back.',
    staysImage: '<strong>Stays:</strong> the image <root/> in the store.',
    staysImageVolumes:
      '<strong>Stays:</strong> the image <root/> in the store, and what it wrote to its volumes.',
    staysRoot: '<strong>Stays:</strong> <root/>.',
    staysRootVolumes: '<strong>Stays:</strong> <root/>, and what it wrote to its volumes.',
  },
} as const;
