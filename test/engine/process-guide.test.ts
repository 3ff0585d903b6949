import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { faultsOf } from '../../src/engine/publish/definition-check.rules.ts';
import { identityOf, readDefinition } from '../../src/engine/definition/definition-file.rules.ts';
import { readVariant } from '../../src/engine/definition/variant-format.rules.ts';
import { materialise } from '../../src/engine/definition/variant.rules.ts';

// The examples of the guide are what somebody will copy first.
const guide = readFileSync(new URL('../../docs/process-definitions.md', import.meta.url), 'utf8');
const block = (name: string) => new RegExp('```json ' + name + '\\n([^]*?)```').exec(guide)![1]!;
const known = {
  facts: new Map(),
  effects: new Set<string>(),
  calls: new Set<string>(),
  functions: new Set(['OWNER', 'HEAD', 'CONTRIB', 'SYS']),
  single: new Set(['HEAD']),
};
const read = readDefinition(block('example'));
if ('faults' in read) throw new Error(JSON.stringify(read.faults));
const { definition } = read;

test('the definition of the guide can be published', () => expect(faultsOf(definition, known)).toEqual([]));

test('its variant, too', () => {
  const file = readVariant(block('variant').replace('"BASE"', JSON.stringify(identityOf(definition).sha256)));
  if ('faults' in file) throw new Error(JSON.stringify(file.faults));
  const made = materialise(file.variant, definition);
  expect('faults' in made ? made.faults : faultsOf(made.definition, known)).toEqual([]);
});
