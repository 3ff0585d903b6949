// Opens the embedded PostgreSQL of a folder as a process of its own, says so, and holds it until it is ended.
import { openEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts';

const [folder] = process.argv.slice(2);
if (!folder) process.exit(0);
try {
  const { superUrl } = await openEmbeddedPostgres(folder, true);
  console.log(superUrl);
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log(error.name, error.message);
}
