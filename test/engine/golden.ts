import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leavesOf, type Edge } from '../../src/engine/definition/chart.rules.ts';
import { canonical, identityOf, readDefinition } from '../../src/engine/definition/definition-file.rules.ts';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { isTriggered } from './explore.ts';
import { holdsAsFarAs } from '../../src/engine/definition/guard.rules.ts';
import type { Machine, Position } from '../../src/engine/machine/machine.rules.ts';
import { isOfRow, ofRow } from '../../src/engine/definition/own-facts.rules.ts';
import type { ProcessRow } from '../../src/engine/machine/process.rules.ts';
import type { Stored } from '../../src/engine/replay/replay.rules.ts';
import { readStored } from '../../src/engine/replay/stored.sql.ts';
import { plusDays, isRefusal, Reads, systemActor } from '../../src/platform/index.ts';
import { samplePayload } from '../support/payload.ts';
import type { Stage } from './support.ts';
import { Walker } from './walker.ts';

export const goldenFolder = join(import.meta.dirname, 'golden');
const processes = join(import.meta.dirname, '../../data/processes');

/** The shipped definitions by `key-version`. */
export const shippedDefinitions = (): (readonly [string, Definition])[] =>
  readdirSync(processes)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const read = readDefinition(readFileSync(join(processes, file)));
      if ('faults' in read) throw new Error(`${file}: ${JSON.stringify(read.faults)}`);
      return [`${read.definition.key}-${read.definition.version}`, read.definition];
    });

export const begins = new Date('2026-03-02T09:00:00Z');
const longest = 120;
const halfway = 5;
const mostHistories = 6;

/** A history as it is kept: JSON, one entry a line, so that a reader sees the way. */
export interface Golden {
  readonly process: ProcessRow;
  readonly entries: Stored['entries'];
  readonly payloads: readonly (readonly [number, { readonly salt: string; readonly body: unknown }])[];
  readonly deadlines: Stored['deadlines'];
  readonly openTasks: Stored['openTasks'];
}

/** Walks a definition on the real engine until every transition was taken that can be, and keeps the logs. */
export async function record(stage: Stage, definition: Definition, machine: Machine): Promise<void> {
  const walkers = await walkAll(stage, identityOf(definition).id, machine);
  await keep(stage, `${definition.key}-${definition.version}-`, walkers);
}

/** Writes the logs of these down, numbered. */
export async function keep(stage: Stage, name: string, walkers: readonly Walker[]): Promise<void> {
  const db = await stage.module.get(Reads).db(systemActor(stage.tenant));
  mkdirSync(goldenFolder, { recursive: true });
  for (const old of readdirSync(goldenFolder)) if (old.startsWith(name)) rmSync(join(goldenFolder, old));
  for (const [i, { processId }] of walkers.entries()) {
    const [stored] = await readStored(db, [processId]);
    writeFileSync(join(goldenFolder, `${name}${i + 1}.json`), asText(stored!));
  }
}

function asText({ process, entries, payloads, deadlines, openTasks }: Stored): string {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  const rest = { payloads: [...payloads], process, deadlines, openTasks };
  const others = Object.entries(rest).map(([key, value]) => `  "${key}": ${JSON.stringify(value)}`);
  return `{\n  "entries": [\n${lines}\n  ],\n${others.join(',\n')}\n}\n`;
}

async function walkAll(stage: Stage, definitionId: string, machine: Machine): Promise<Walker[]> {
  const all = machine.chart.edges.filter(({ event }) => !event.startsWith('$'));
  const started = async () => {
    const walker = new Walker(stage, machine, begins);
    await walker.start(definitionId);
    return walker;
  };
  // One that stands in the middle: of what ended, no task and no deadline is left to compare.
  const walkers = [await started()];
  await walkOne(walkers[0]!, new Set(all), halfway);
  const left = new Set(all);
  while (left.size > 0 && walkers.length < mostHistories) {
    const before = left.size;
    const walker = await started();
    await walkOne(walker, left);
    if (left.size === before) break; // what is left cannot be reached this way
    walkers.push(walker);
  }
  return walkers;
}

/** Towards transitions that nobody took yet, until none is left or these many were tried. */
export async function walkOne(walker: Walker, left: Set<Edge>, most = longest): Promise<void> {
  const stuck = new Set<Edge>();
  let isActive = false;
  for (let moves = 0; moves < most; moves++) {
    const edge = nextOf(walker, left, stuck);
    if (!edge) return;
    walker.wait(1 + (moves % 5));
    if (!isActive && moves > 2) isActive = await actsOf(walker);
    const foreseen = walker.machine.step(walker.process.snapshot, edge.event, new Set([edge.id]));
    const outcome = await walker.try({ edge, holds: true });
    if (!isRefusal(outcome)) left.delete(edge);
    if (isRefusal(outcome) || outcome.process.states.join() !== foreseen?.states.join()) stuck.add(edge);
  }
}

/** Towards the nearest transition that nobody took yet; to an end only when nothing else is left. */
function nextOf(walker: Walker, left: ReadonlySet<Edge>, stuck: ReadonlySet<Edge>): Edge | undefined {
  const open = [...left].filter((edge) => !isEnd(edge) && !stuck.has(edge));
  const ways = [...Map.groupBy(open, regionOf)].flatMap(
    ([region, edges]) => wayTo(walker, region, new Set(edges), stuck) ?? [],
  );
  const nearest = ways.toSorted((a, b) => a.length - b.length)[0]?.[0];
  return nearest ?? walker.edges().find((edge) => isEnd(edge) && left.has(edge) && !stuck.has(edge));
}

const isEnd = ({ target }: Edge): boolean => target?.kind === 'final';

function regionOf({ from }: Edge): string {
  let node = from;
  while (node.parent && node.parent.kind !== 'parallel') node = node.parent;
  return node.path;
}

/** The shortest way inside one region, by what the engine itself knows of the guards; the other regions wait. */
function wayTo(
  { machine, process }: Walker,
  region: string,
  wanted: ReadonlySet<Edge>,
  stuck: ReadonlySet<Edge>,
): [Edge[]] | undefined {
  const { chart } = machine;
  const seen = new Set<string>();
  const queue: { position: Position; way: Edge[] }[] = [{ position: process.snapshot, way: [] }];
  for (const { position, way } of queue) {
    const states = machine.statesOf(position);
    const steps = chart.steps(states).filter((step) => isTriggered(machine, states, step));
    for (const edge of steps.flatMap((step) => chart.candidates(states, step))) {
      if (regionOf(edge) !== region || isEnd(edge) || stuck.has(edge)) continue;
      if (!mayHold(edge, { ...process, states })) continue;
      const moved = machine.step(position, edge.event, new Set([edge.id]));
      if (!moved?.taken.includes(edge)) continue;
      if (wanted.has(edge)) return [[...way, edge]];
      const key = canonical(moved.position);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ position: moved.position, way: [...way, edge] });
    }
  }
  return undefined;
}

function mayHold({ transition: { guard } }: Edge, process: ProcessRow): boolean {
  const own = leavesOf(guard).flatMap((leaf) => ('fact' in leaf && isOfRow(leaf.fact) ? [leaf.fact] : []));
  const facts = new Map(own.map((fact) => [fact, ofRow(process, fact)]));
  return holdsAsFarAs(facts, guard) !== false;
}

/** Put off, reminded of, suspended and resumed, where the definition lets the engine do so; false: not here. */
async function actsOf(walker: Walker): Promise<boolean> {
  const { steps, deadlines } = walker.chart.definition;
  const doing = Object.entries(steps).filter(([, { does }]) => does);
  const running = await walker.deadlines();
  const asked = running.find(({ name }) => deadlines[name]?.extendable);
  if (!asked && doing.some(([, { does }]) => does === 'requestExtension')) return false;
  const request = ['requestExtension', 'grantExtension'] as const;
  for (const act of [
    'requestExtension',
    'refuseExtension',
    ...request,
    ...request,
    'remind',
    'suspend',
    'resume',
  ]) {
    const dueOn = (await walker.deadlines()).find(({ name }) => name === asked?.name)?.dueOn ?? walker.today;
    const until = plusDays(dueOn, 7);
    for (const [name, step] of doing.filter(([, { does }]) => does === act)) {
      const sample = samplePayload(step.payload, until);
      const payload = sample && { ...sample, ...('deadline' in sample && { deadline: asked!.name }) };
      await walker.take(name, payload, step.who.find((one) => one.function !== 'SYS')!.function);
    }
    walker.wait(1);
  }
  return true;
}
