// The three editors of the page. Each lives in a shadow root: there CodeMirror brings its styles as constructed sheets, which
// the page's strict policy allows, and in a document as inline ones, which it does not.
import { json } from '@codemirror/lang-json';
import { EditorState, Prec } from '@codemirror/state';
import { basicSetup, EditorView } from 'codemirror';
import { keymap } from '@codemirror/view';
import { graphql, updateSchema } from 'cm6-graphql';

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '0.875rem' },
  '&.cm-focused': { outline: '3px solid #0a4f8f' },
});

function open(parent, label, ...extensions) {
  const root = parent.attachShadow({ mode: 'open' });
  const named = EditorView.contentAttributes.of({ 'aria-label': label });
  return new EditorView({ root, parent: root, extensions: [basicSetup, look, named, ...extensions] });
}

const replace = (view, text) =>
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });

/** Opens the editors; `onRun` is called on Ctrl + Enter, `onField` with the type and field that somebody clicked. */
export function openEditors({ query, variables, answer }, { onRun, onField }) {
  const run = () => (onRun(), true);
  const running = Prec.highest(keymap.of([{ key: 'Mod-Enter', run }]));
  const onShowInDocs = (field, type, parentType) => onField(parentType ?? type, field);
  const views = {
    query: open(query, 'GraphQL', running, EditorView.lineWrapping, graphql(undefined, { onShowInDocs })),
    variables: open(variables, 'JSON', running, json()),
    answer: open(answer, 'JSON', json(), EditorState.readOnly.of(true), EditorView.lineWrapping),
  };
  return {
    show: (name, text) => replace(views[name], text),
    read: (name) => views[name].state.doc.toString(),
    /** Where the cursor stands in the query: which of several operations is meant. */
    cursor: () => views.query.state.selection.main.head,
    completeBy: (schema) => updateSchema(views.query, schema),
  };
}
