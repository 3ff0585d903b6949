// npm run charts [-- --check]: draws docs/charts/ from data/processes/, and prints docs/oa.process-1.schema.json.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { z } from 'zod';
import { Chart } from '../src/engine/chart.rules.ts';
import { definitionSchema } from '../src/engine/definition.rules.ts';
import { readDefinition } from '../src/engine/definition-file.rules.ts';
import { drawing } from '../src/engine/drawing.rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the generated files must contain: [path from the top, text]. */
export async function drawn() {
  const files = readdirSync(`${root}data/processes`).filter((file) => file.endsWith('.json'));
  const pages = files.map((file) => {
    const read = readDefinition(readFileSync(`${root}data/processes/${file}`));
    if ('faults' in read) throw new Error(`${file}: ${JSON.stringify(read.faults)}`);
    return [`docs/charts/${file.replace('.json', '.md')}`, drawing(new Chart(read.definition))];
  });
  const schema = { title: 'oa.process/1', ...z.toJSONSchema(definitionSchema, { reused: 'ref' }) };
  const printed = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
  return [...pages, ['docs/oa.process-1.schema.json', printed]];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  for (const [path, text] of await drawn()) {
    let present = '';
    try {
      present = readFileSync(root + path, 'utf8');
    } catch {}
    if (present === text) continue;
    if (check) console.error(`${path} is stale: run npm run charts and commit it.`);
    else writeFileSync(root + path, text);
    if (check) process.exitCode = 1;
  }
}
