import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

/** The law of the house: nothing in the simulated parts touches the host's time, chance, environment or event loop. */
const DETERMINISTIC = [
  ...['bytes', 'hash', 'http', 'engine', 'net/sim', 'config', 'haproxy', 'lua', 'sim'],
  ...['vtc/reader', 'vtc/commands', 'vtc/http', 'vtc/simulated'],
]

const HOST_GLOBALS = {
  Date: 'All time comes from a Clock.',
  performance: 'All time comes from a Clock.',
  setTimeout: 'All waiting comes from the scheduler.',
  setInterval: 'All waiting comes from the scheduler.',
  setImmediate: 'All waiting comes from the scheduler.',
  queueMicrotask: 'All waiting comes from the scheduler.',
  Promise: 'The simulation is synchronous.',
  process: 'The environment comes from the simulation.',
  crypto: 'All chance comes from a Random.',
  WeakRef: 'Garbage collection is not deterministic.',
  FinalizationRegistry: 'Garbage collection is not deterministic.',
}

const HOST_MODULES = {
  regex: '^(node:|(fs|net|os|path|timers|child_process)$)',
  message: 'The host is out of reach of the simulation.',
}

/** What native functions of Lua must not call: it may leave metamethods set aside. */
const SUSPENDABLE = {
  operations: ['index', 'setIndex', 'arithmetic', 'equals', 'lessThan', 'lessEqual', 'length', 'concat'],
  call: ['call0', 'call1', 'call2', 'call3', 'callMany', 'callMeta', 'callMeta2', 'settle', 'runUntil'],
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/unified-signatures': 'off',
      'no-control-regex': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: [...DETERMINISTIC.map((folder) => `src/${folder}/**/*.ts`), 'src/vtc/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...Object.entries(HOST_GLOBALS).map(([name, message]) => ({ name, message }))],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'All chance comes from a Random.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'AwaitExpression', message: 'The simulation is synchronous.' },
        { selector: ':function[async=true]', message: 'The simulation is synchronous.' },
      ],
      'no-restricted-imports': ['error', { patterns: [HOST_MODULES] }],
    },
  },
  {
    // An import would be carried out before Fengari's modules have been prepared for each other (vm/late.ts).
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^fengari', allowTypeImports: true, message: 'lua/fengari.ts and vm/fengari-modules.ts load it.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/lua/stdlib/**/*.ts', 'src/lua/classes/**/*.ts', 'src/lua/vm/api/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            HOST_MODULES,
            ...Object.entries(SUSPENDABLE).map(([module, importNames]) => ({
              regex: `/${module}\\.js$`,
              importNames,
              message: 'A native function cannot be continued within it: vm/native-operations.ts has what finishes.',
            })),
          ],
        },
      ],
    },
  },
  {
    // The doors of a simulation to the host's files, programs and time.
    files: ['src/sim/files.ts', 'src/sim/host/*.ts', 'src/sim/programs.ts', 'src/sim/stand-ins.ts'],
    rules: { 'no-restricted-imports': 'off', 'no-restricted-globals': 'off' },
  },
  {
    // The script of reports' pages: parts that are put together, checked as one by the compiler.
    files: ['src/report/page/*.js'],
    languageOptions: { sourceType: 'script' },
    rules: {
      'no-undef': 'off',
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { vars: 'local' }],
    },
  },
  { files: ['test/**/*.ts', 'bench/**/*.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['scripts/**/*.mjs', 'bench/**/*.mjs', '*.js', '*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'readonly' } },
  },
)
