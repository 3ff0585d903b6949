// npm run reset: deletes the embedded database with the demo administration; the next start tells it anew.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fail, root } from './ensure.mjs';

const folder = resolve(root, process.env.DATA_DIR || '.data');
const secrets = join(folder, 'secrets.json');
if (process.env.DATABASE_URL)
  fail('DATABASE_URL is set: npm run reset deletes only the database that comes with the product.');
if (!existsSync(folder)) {
  console.log(`There is nothing to delete: ${folder} does not exist.`);
  process.exit(0);
}
if (!existsSync(secrets))
  fail(`${folder} was not made by Offenes Amt (it holds no secrets.json), so it stays as it is.`);
const database = homeOfDatabase();
if (isRunning()) fail('The server is running; stop it first (Ctrl-C where npm start runs).');
rmSync(database, { recursive: true, force: true });
rmSync(folder, { recursive: true });
console.log(`${folder} is deleted. The next npm start founds the demo administration anew.`);

/** In the data folder, or where the service user of root reaches it (src/platform/postgres). */
function homeOfDatabase() {
  const { elsewhere } = JSON.parse(readFileSync(secrets, 'utf8'));
  if (elsewhere === undefined) return join(folder, 'database');
  if (basename(elsewhere).startsWith('offenes-amt-')) return elsewhere;
  return fail(
    `${secrets} names ${elsewhere} as the database, which Offenes Amt did not make; nothing is deleted.`,
  );
}

function isRunning() {
  try {
    const [pid] = readFileSync(join(database, 'cluster/postmaster.pid'), 'utf8').split('\n');
    return process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
