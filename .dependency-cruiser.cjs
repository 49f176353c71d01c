/** The import rules of ARCHITECTURE.md; each one says what it keeps apart and why. */
const engine = (folder) => `^main/engine/${folder}/`;
const siblings = [
  ...['oci', 'erofs', 'net', 'vm', 'agent', 'terminal', 'credentials', 'volume', 'preset'],
  'diagnostics',
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means two files that cannot be understood or tested apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contract-is-a-leaf',
      comment:
        'The contract is what both sides share; it can know neither. YAML is its file form, and addresses are read by ipaddr.js.',
      severity: 'error',
      from: { path: '^main/contract/', pathNot: ['\\.test\\.ts$', '^main/contract/testing/'] },
      to: { pathNot: ['^main/contract/', 'node_modules/(zod|@orpc/contract|yaml|ipaddr\\.js)/'] },
    },
    {
      name: 'engine-knows-no-host',
      comment: 'The engine is a plain Node library.',
      severity: 'error',
      from: { path: '^main/engine/' },
      to: { path: ['^main/(api|electron|server|cli)/', '^renderer/'] },
    },
    {
      name: 'engine-has-one-door',
      comment: 'Everything outside reaches the engine through engine/index.ts alone.',
      severity: 'error',
      from: { path: '^(main/(api|electron|server|cli)|renderer)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^main/engine/', pathNot: '^main/engine/index\\.ts$' },
    },
    {
      name: 'e2e-uses-fixtures-only',
      comment: 'The window is tested from outside; only the test registry and images are shared.',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^main/', pathNot: '^main/engine/testing/' },
    },
    {
      name: 'electron-in-its-folder',
      comment: 'Only main/electron knows Electron.',
      severity: 'error',
      from: { pathNot: '^main/electron/' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'renderer-sees-the-contract-only',
      comment: 'The renderer is a client like any other.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/', pathNot: '^main/contract/' },
    },
    {
      name: 'hosts-take-words-of-the-desktop-alone',
      comment: 'A host is no part of the window; what both say stands in one place.',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^renderer/', pathNot: '^renderer/words/(en|de)/desktop\\.ts$' },
    },
    {
      name: 'features-stay-apart',
      comment: 'Features meet in renderer/app alone.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/(app|features)/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'ui-has-no-product-words',
      comment: 'Primitives serve every feature and know none.',
      severity: 'error',
      from: { path: '^renderer/ui/' },
      to: { path: ['^renderer/(app|features|bridge)/', '^main/'] },
    },
    {
      name: 'base-is-the-bottom',
      comment: 'base imports the contract alone.',
      severity: 'error',
      from: { path: engine('base') },
      to: { path: '^main/engine/', pathNot: engine('base') },
    },
    {
      name: 'host-and-config-above-base',
      comment: 'Second row of the engine.',
      severity: 'error',
      from: { path: '^main/engine/(host|config)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^main/engine/', pathNot: '^main/engine/(base|host|config)/' },
    },
    ...siblings.map((folder) => ({
      name: `${folder}-knows-no-sibling`,
      comment: 'Third row of the engine: its folders do not import each other.',
      severity: 'error',
      from: { path: engine(folder), pathNot: '\\.test\\.ts$' },
      to: {
        path: '^main/engine/',
        pathNot: [`^main/engine/(base|host|config|${folder})/`],
      },
    })),
    {
      name: 'image-above-oci-and-erofs',
      comment: 'Fourth row: image composes oci and erofs.',
      severity: 'error',
      from: { path: engine('image'), pathNot: '\\.test\\.ts$' },
      to: { path: '^main/engine/', pathNot: '^main/engine/(base|host|config|oci|erofs|image)/' },
    },
    {
      name: 'snapshot-above-host',
      comment: 'Fourth row: snapshot keeps files of disks, and knows no sandbox and no machine.',
      severity: 'error',
      from: { path: engine('snapshot'), pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: { path: '^main/engine/', pathNot: '^main/engine/(base|host|config|vm|snapshot)/' },
    },
    {
      name: 'live-above-agent',
      comment: 'Fourth row: live records what agents say, and knows no sandbox.',
      severity: 'error',
      from: { path: engine('live'), pathNot: '\\.test\\.ts$' },
      to: { path: '^main/engine/', pathNot: '^main/engine/(base|host|config|agent|live)/' },
    },
    {
      name: 'template-above-vm',
      comment: 'Fourth row: template boots and saves machines, and knows no sandbox and no agent.',
      severity: 'error',
      from: { path: engine('template'), pathNot: '\\.test\\.ts$' },
      to: { path: '^main/engine/', pathNot: '^main/engine/(base|host|config|vm|template)/' },
    },
    {
      name: 'pure-means-pure',
      comment: 'Codecs and planners take bytes and time as arguments.',
      severity: 'error',
      from: {
        path: [
          '^main/engine/net/(wire|tcp|stack|policy)/',
          '^main/engine/erofs/format/',
          '^main/engine/vm/plan\\.ts$',
          '^main/engine/vm/[^/]+/[^/]*arguments\\.ts$',
        ],
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.css'],
    },
  },
};
