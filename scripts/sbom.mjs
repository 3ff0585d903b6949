// npm run sbom: prints the bill of materials (CycloneDX 1.6) of the server in production, from the lock file. With
// --installed the packages in node_modules must be exactly these. npm's own `sbom` leaves out what development needs, too.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { packages: locked } = read('package-lock.json');
const { name, version, description, license } = read('package.json');

const shipped = Object.entries(locked).filter(
  ([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional,
);
if (process.argv.includes('--installed'))
  refuseOther(Object.keys(read('node_modules/.package-lock.json').packages));

function refuseOther(installed) {
  const named = new Set(shipped.map(([path]) => path));
  const other = installed.filter((path) => !named.delete(path));
  if (other.length + named.size === 0) return;
  console.error(`node_modules differs from the lock file: ${[...other, ...named].join(', ')}`);
  process.exit(1);
}

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const purl = (of, at) => `pkg:npm/${of.replace('@', '%40')}@${at}`;
const refOf = (path) => (path === '' ? purl(name, version) : purl(nameOf(path), locked[path].version));

/** Where Node would find a package for whoever asks at a path: the nearest node_modules above it. */
function resolve(path, wanted) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const found = `${at && `${at}/`}node_modules/${wanted}`;
    if (locked[found]) return found;
    if (at === '') return undefined;
  }
}

const paths = new Set(['', ...shipped.map(([path]) => path)]);
const wantedBy = (path) => {
  const { dependencies, peerDependencies, optionalDependencies } = locked[path];
  const wanted = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  return wanted.map((one) => resolve(path, one)).filter((one) => paths.has(one));
};

const component = ([path, { version: at, license: terms, integrity, resolved }]) => ({
  type: 'library',
  'bom-ref': refOf(path),
  name: nameOf(path),
  version: at,
  purl: refOf(path),
  hashes: [
    { alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') },
  ],
  ...(terms && { licenses: [/[ (]/.test(terms) ? { expression: terms } : { license: { id: terms } }] }),
  ...(resolved && { externalReferences: [{ type: 'distribution', url: resolved }] }),
});
/** One package may stand in several folders. */
const once = (list, key) => [...new Map(list.map((one) => [one[key], one])).values()];
const edges = new Map();
for (const path of paths)
  edges.set(refOf(path), [...(edges.get(refOf(path)) ?? []), ...wantedBy(path).map(refOf)]);

const { SOURCE_DATE_EPOCH: builtAt } = process.env;
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    timestamp: (builtAt ? new Date(builtAt * 1000) : new Date()).toISOString(),
    component: {
      type: 'application',
      'bom-ref': refOf(''),
      name,
      version,
      description,
      purl: refOf(''),
      licenses: [{ license: { id: license } }],
    },
  },
  components: once(shipped.map(component), 'bom-ref'),
  dependencies: [...edges].map(([ref, dependsOn]) => ({ ref, dependsOn: [...new Set(dependsOn)] })),
};
console.log(JSON.stringify(bill, null, 2));
