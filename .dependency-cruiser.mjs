const inside = (folder) => ({ path: `^${folder}/` });

/** The layer rules of docs/architecture.md: arrows point one way. */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-is-pure',
      comment: 'src-shared runs in every process: no Node, no Electron, no React, no other layer.',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^src-(main|cli|preload|renderer)/', '^(node:|electron$|react)'] },
    },
    {
      name: 'shared-no-node',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-below-cli',
      severity: 'error',
      from: inside('src-main'),
      to: { path: '^src-(cli|preload|renderer)/' },
    },
    {
      name: 'renderer-sees-shared-only',
      severity: 'error',
      from: inside('src-renderer'),
      to: { path: '^src-(main|cli|preload)/' },
    },
    {
      name: 'preload-sees-shared-only',
      severity: 'error',
      from: inside('src-preload'),
      to: { path: '^src-(main|cli|renderer)/' },
    },
    {
      name: 'cli-sees-no-electron',
      severity: 'error',
      from: inside('src-cli'),
      to: { path: ['^src-main/electron/', '^src-(preload|renderer)/'] },
    },
    {
      name: 'electron-in-its-folder',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-(main/electron|preload)/' },
      to: { path: '(^electron$|node_modules/electron/)' },
    },
    {
      name: 'only-roots-see-electron-folder',
      severity: 'error',
      from: { path: '^src-main/', pathNot: '^src-main/(electron/|main\\.ts$)' },
      to: { path: '^src-main/electron/' },
    },
    {
      name: 'nobody-sees-the-composition-root',
      severity: 'error',
      from: {
        path: '^src-main/',
        pathNot: [
          '^src-main/(electron/|(main|services|work-services|routing-services|board-services|usage-services|agent-services|device-services|external-services)\\.ts$)',
          '^src-main/testing/',
          '\\.test\\.ts$',
        ],
      },
      to: { path: '^src-main/(lattice-node|services)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
