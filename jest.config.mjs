// One place for what `npm test` runs. SWC compiles; `swcrc: false` keeps the build's .swcrc out, whose
// rewriting of `.ts` specifiers would break Jest's resolver.
const swc = {
  swcrc: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
};
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
};
export default {
  workerIdleMemoryLimit: '600MB',
  maxWorkers: 2,
  testTimeout: 60_000, // a busy machine is slow, not wrong
  projects: [
    { ...common, displayName: 'rules', rootDir: 'src', testMatch: ['**/*.test.ts'] },
    {
      ...common,
      displayName: 'stories',
      rootDir: 'test',
      testMatch: ['**/*.test.ts'],
      globalSetup: '<rootDir>/support/global-setup.mjs',
      globalTeardown: '<rootDir>/support/global-teardown.mjs',
    },
  ],
};
