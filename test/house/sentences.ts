import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseSdl, visit as visitSdl } from 'graphql';
import ts from 'typescript';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
export type Language = 'de' | 'en';

/** A sentence for people, and the place it stands at. What is computed in it stands in braces. */
export interface Sentence {
  readonly at: string;
  readonly language: Language;
  readonly text: string;
}

const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))
    .sort();
/** A file of this repository as text. */
export const read = (file: string) => readFileSync(join(root, file), 'utf8');

const languageOf = (name: string): Language | undefined => /^(de|en)(?![a-z])/.exec(name)?.[1] as Language;

/** Of functions that take a sentence in both languages: which of their arguments is in which. */
type Helpers = Map<string, readonly (Language | undefined)[]>;

function helpersOf(source: ts.SourceFile, aliases: Helpers): Helpers {
  const helpers: Helpers = new Map();
  const note = (name: ts.Node | undefined, signature: ts.SignatureDeclarationBase) => {
    const languages = signature.parameters.map(({ name: parameter }) =>
      languageOf(parameter.getText(source)),
    );
    if (name && languages.some(Boolean)) helpers.set(name.getText(source), languages);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node)) note(node.name, node);
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer))
      note(node.name, node.initializer);
    if (ts.isTypeAliasDeclaration(node) && ts.isFunctionTypeNode(node.type)) note(node.name, node.type);
    if (ts.isParameter(node) && node.type) {
      const languages = aliases.get(node.type.getText(source));
      if (languages) helpers.set(node.name.getText(source), languages);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return helpers;
}

/** A text of the code as it is read, and the texts that are put into it. */
function textsOf(node: ts.Expression, source: ts.SourceFile): string[] {
  const within: string[] = [];
  const inner = (part: ts.Node): void => {
    if (ts.isStringLiteralLike(part) || ts.isTemplateExpression(part)) within.push(...textsOf(part, source));
    else ts.forEachChild(part, inner);
  };
  const shown = (part: ts.Expression): string => {
    if (ts.isStringLiteralLike(part)) return part.text;
    if (ts.isBinaryExpression(part) && part.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return shown(part.left) + shown(part.right);
    if (!ts.isTemplateExpression(part)) {
      inner(part);
      return `{${part.getText(source)}}`;
    }
    return part.templateSpans.reduce((text, { expression, literal }) => {
      inner(expression);
      return `${text}{${expression.getText(source).replace(/[{}"]|\s+/g, ' ')}}${literal.text}`;
    }, part.head.text);
  };
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node);
  if (isText) return [shown(node), ...within];
  inner(node);
  return within;
}

function inSource(source: ts.SourceFile, helpers: Helpers): Sentence[] {
  const found: Sentence[] = [];
  const take = (node: ts.Expression | undefined, language: Language | undefined, only = /./) => {
    if (!node || !language) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const at = `${source.fileName}:${line + 1}`;
    const texts = textsOf(node, source).filter((text) => only.test(text));
    found.push(...texts.map((text) => ({ at, language, text })));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node)) {
      const name = node.name.getText(source);
      if (name === 'de' || name === 'en') return take(node.initializer, name);
    }
    if (ts.isObjectLiteralExpression(node)) {
      const said = node.properties.find((of) => of.name?.getText(source) === 'language');
      const language = said && /^language: '(de|en)'$/.exec(said.getText(source))?.[1];
      if (language) return take(node, language as Language, / /);
    }
    if (ts.isCallExpression(node)) {
      const languages = helpers.get(node.expression.getText(source));
      languages?.forEach((language, at) => take(node.arguments[at], language));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What the code says: `{ de, en }`, and what is given to a function whose parameters are called so. */
function* inCode(): Generator<Sentence> {
  const sources = filesBelow('src', /(?<!\.test)\.ts$/)
    .filter((file) => file !== 'src/graphql.ts')
    .map((file) => ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  const local = sources.map((source) => helpersOf(source, new Map()));
  const aliases: Helpers = new Map(local.flatMap((of) => [...of]).filter(([name]) => /^[A-Z]/.test(name)));
  const shared: Helpers = new Map();
  for (const [i, source] of sources.entries())
    for (const [name, languages] of local[i]!)
      if (new RegExp(`export (function|const) ${name}\\b`).test(source.text)) shared.set(name, languages);
  for (const source of sources) yield* inSource(source, new Map([...shared, ...helpersOf(source, aliases)]));
}

function* inData(file: string, value: unknown = parse(read(file)), path = ''): Generator<Sentence> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const isText = (key === 'de' || key === 'en') && typeof inner === 'string';
    if (isText) yield { at: `${file} ${path}`, language: key as Language, text: inner };
    else yield* inData(file, inner, `${path}/${key}`);
  }
}

export const sentencesOfCode: readonly Sentence[] = [...inCode()];

export const sentencesOfData: readonly Sentence[] = filesBelow('data', /\.(json|yaml)$/).flatMap((file) => [
  ...inData(file),
]);

/** Descriptions of the schema. They speak to people who write clients, so they may name fields. */
export const sentencesOfSchema: readonly Sentence[] = (() => {
  const found: Sentence[] = [];
  visitSdl(parseSdl(read('schema.graphql')), {
    enter(node) {
      if (!('description' in node) || !node.description) return;
      const { value, loc } = node.description;
      found.push({ at: `schema.graphql:${loc!.startToken.line}`, language: 'en', text: value });
    },
  });
  return found;
})();

/** Prose of README and the manuals, without what stands as code. */
export const sentencesOfDocs: readonly Sentence[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...filesBelow('docs', /^(?!charts|decisions|konzept).*\.md$/),
].flatMap((file) => {
  const prose = read(file)
    .replace(/```[^]*?```/g, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, '…');
  return prose.split('\n').map((text, at) => ({ at: `${file}:${at + 1}`, language: 'en' as const, text }));
});
