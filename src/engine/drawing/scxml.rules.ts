import type { Language } from '../../platform/bare.ts';
import { leavesOf, nameOf, type Chart, type ChartNode, type Edge } from '../definition/chart.rules.ts';

/**
 * A chart as SCXML (W3C): states, regions, transitions, signals. Conditions and effects stand as text for readers: what
 * they mean is known to the engine alone, so this is for looking and comparing, not for running.
 */
export function scxml(chart: Chart, language: Language): string {
  const { key, version, title, initial } = chart.definition;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- ${safe(title[language])} (${key} v${version}) -->`,
    `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="${key}" initial="${initial}">`,
    ...chart.root.children.flatMap((child) => stateOf(chart, child, language, 1)),
    '</scxml>',
    '',
  ].join('\n');
}

function stateOf(chart: Chart, node: ChartNode, language: Language, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const { initial, label, raise = [], deadlines = [] } = node.state;
  const first = node.children.find((child) => nameOf(child) === initial);
  const tag = node.kind === 'parallel' || node.kind === 'final' ? node.kind : 'state';
  const open = `${indent}<${tag} id="${node.path}"${first ? ` initial="${first.path}"` : ''}`;
  const inside = [
    ...(label ? [`<!-- ${safe(label[language])} -->`] : []),
    ...(deadlines.length > 0 ? [`<!-- deadlines: ${deadlines.join(', ')} -->`] : []),
    ...(raise.length > 0
      ? ['<onentry>', ...raise.map((signal) => `  <raise event="${signal.slice(1)}"/>`), '</onentry>']
      : []),
    ...chart.edgesOf(node).map(transition),
  ].map((line) => `${indent}  ${line}`);
  const inner = node.children.flatMap((child) => stateOf(chart, child, language, depth + 1));
  return inside.length + inner.length === 0
    ? [`${open}/>`]
    : [`${open}>`, ...inside, ...inner, `${indent}</${tag}>`];
}

function transition({ event, target, from, transition: { guard, effects = [] } }: Edge): string {
  const name = event.startsWith('$') ? event.slice(1) : event;
  const asked = leavesOf(guard).map((leaf) => leaf.reason);
  const cond = asked.length > 0 ? ` cond="${quoted(asked.join(' and '))}"` : '';
  const to = target ? ` target="${target.path}"` : '';
  const type = target && target !== from && target.path.startsWith(`${from.path}.`) ? ' type="internal"' : '';
  const head = `<transition event="${name}"${cond}${to}${type}`;
  return effects.length === 0
    ? `${head}/>`
    : `${head}>${effects.map(({ effect }) => `<!-- ${effect} -->`).join('')}</transition>`;
}

const quoted = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
/** What a comment must not contain. */
const safe = (text: string) => quoted(text).replaceAll('--', '–').replaceAll('>', '&gt;');
