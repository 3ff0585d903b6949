// npm run charts [-- --check]: draws docs/charts/ from data/processes/, and prints the JSON Schemas of the two formats.
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { z } from 'zod';
import { Chart } from '../src/engine/definition/chart.rules.ts';
import { definitionSchema } from '../src/engine/definition/definition.rules.ts';
import { readDefinition } from '../src/engine/definition/definition-file.rules.ts';
import { dot } from '../src/engine/drawing/dot.rules.ts';
import { chartPage, drawing } from '../src/engine/drawing/drawing.rules.ts';
import { svgFor } from '../src/engine/drawing/svg.rules.ts';
import { variantSchema } from '../src/engine/definition/variant-format.rules.ts';
import { keep, root } from './generated.mjs';

/** What the generated files must contain: [path from the top, text]. */
export async function drawn() {
  const graphviz = await Graphviz.load();
  const files = readdirSync(`${root}data/processes`).filter((file) => file.endsWith('.json'));
  const charts = files.flatMap((file) => {
    const read = readDefinition(readFileSync(`${root}data/processes/${file}`));
    if ('faults' in read) throw new Error(`${file}: ${JSON.stringify(read.faults)}`);
    const chart = new Chart(read.definition);
    const name = basename(file, '.json');
    const picture = svgFor(
      graphviz.layout(dot(chart, 'en', []), 'svg', 'dot'),
      read.definition.title.en,
      'en',
    );
    return [
      [`docs/charts/${name}.md`, chartPage(chart, name)],
      [`docs/charts/${name}.svg`, picture],
      [`docs/charts/${name}.scxml`, drawing('SCXML', chart, 'en')],
    ];
  });
  return [
    ...charts,
    ['docs/oa.process-1.schema.json', await schemaOf('oa.process/1', definitionSchema)],
    ['docs/oa.variant-1.schema.json', await schemaOf('oa.variant/1', variantSchema)],
  ];
}

function schemaOf(title, schema) {
  const text = JSON.stringify({ title, ...z.toJSONSchema(schema, { reused: 'ref' }) });
  return format(text, { parser: 'json', printWidth: 110 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) keep(await drawn(), 'npm run charts');
