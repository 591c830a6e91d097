import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Our tokens; they pass into the shadow tree of the editor and follow the theme by themselves. */
const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--color-inset)', color: 'var(--text-color-1)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    fontSize: '12px',
    lineHeight: '20px',
    fontVariantLigatures: 'none',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--color-accent-text)' },
  '.cm-line': { padding: '0 16px 0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--color-accent-text)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'var(--color-inset)',
    color: 'var(--text-color-3)',
    border: 'none',
    paddingLeft: '8px',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '32px', padding: '0 6px 0 0' },
  '.cm-foldGutter .cm-gutterElement': { color: 'var(--text-color-3)', cursor: 'pointer', width: '14px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--color-selected)' },
  '.cm-activeLineGutter': { color: 'var(--text-color-1)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--color-accent) 30%, transparent)',
  },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--color-surface)',
    border: '1px solid var(--color-border)',
    color: 'var(--text-color-3)',
    padding: '0 4px',
  },
  '.cm-searchMatch': {
    backgroundColor: 'var(--color-late-subtle)',
    outline: '1px solid var(--color-late-line)',
  },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--color-accent-subtle)' },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--color-late-fill)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--color-fail-fill)',
    textUnderlineOffset: '3px',
  },
  '.cm-panels': {
    backgroundColor: 'var(--color-raised)',
    color: 'var(--text-color-1)',
    borderColor: 'var(--color-border)',
    fontFamily: 'var(--font-sans)',
  },
  '.cm-panel.cm-search': { padding: '6px 12px', fontSize: '12px' },
  '.cm-textfield': {
    backgroundColor: 'var(--color-page)',
    border: '1px solid var(--color-control)',
    borderRadius: '6px',
    color: 'var(--text-color-1)',
    padding: '2px 8px',
  },
  '.cm-button': {
    backgroundColor: 'var(--color-surface)',
    backgroundImage: 'none',
    border: '1px solid var(--color-border)',
    borderRadius: '6px',
    color: 'var(--text-color-1)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--color-raised)',
    border: '1px solid var(--color-border)',
    borderRadius: '6px',
    boxShadow: 'var(--shadow-float)',
    color: 'var(--text-color-2)',
    fontFamily: 'var(--font-sans)',
    fontSize: '12px',
    lineHeight: '16px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '12px',
    maxHeight: '220px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px', color: 'var(--text-color-1)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--color-selected)',
    color: 'var(--text-color-1)',
  },
  '.cm-completionDetail': { color: 'var(--text-color-3)', fontStyle: 'normal' },
  '.cm-completionInfo': { padding: '6px 10px', maxWidth: '320px' },
  '.cm-schema-help': { padding: '6px 10px', maxWidth: '360px' },
  '.cm-schema-help strong': {
    color: 'var(--text-color-1)',
    fontFamily: 'var(--font-mono)',
    fontWeight: '500',
  },
  '.cm-problem': {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    minHeight: '28px',
    margin: '1px 16px 1px 8px',
    padding: '0 10px',
    border: '1px solid',
    borderRadius: '6px',
    fontFamily: 'var(--font-sans)',
    fontSize: '12px',
    lineHeight: '16px',
    whiteSpace: 'normal',
  },
  '.cm-problem-warning': {
    backgroundColor: 'var(--color-late-subtle)',
    borderColor: 'var(--color-late-line)',
  },
  '.cm-problem-error': { backgroundColor: 'var(--color-fail-subtle)', borderColor: 'var(--color-fail-line)' },
  '.cm-problem-mark': { fontWeight: '600' },
  '.cm-problem-warning .cm-problem-mark': { color: 'var(--color-late)' },
  '.cm-problem-error .cm-problem-mark': { color: 'var(--color-fail)' },
  '.cm-problem-words': { flex: '1' },
  '.cm-problem button': {
    background: 'none',
    border: 'none',
    padding: '4px 0',
    color: 'var(--color-accent-text)',
    font: 'inherit',
    fontWeight: '500',
    cursor: 'pointer',
  },
  '.cm-collapsedLines': {
    background: 'var(--color-surface)',
    color: 'var(--text-color-3)',
    fontFamily: 'var(--font-sans)',
    padding: '4px 12px',
  },
  '&.cm-merge-b .cm-changedLine, .cm-changedLine, .cm-inlineChangedLine': {
    backgroundColor: 'var(--color-good-subtle)',
  },
  '&.cm-merge-b .cm-changedText, .cm-changedText': { background: 'none' },
  '.cm-deletedChunk .cm-deletedText': { background: 'none' },
  '.cm-changedLineGutter': { background: 'var(--color-good-fill)' },
  '.cm-deletedLineGutter': { background: 'var(--color-fail-fill)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--color-fail-subtle)' },
});

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--color-accent-text)' },
  {
    tag: [tags.comment, tags.punctuation, tags.separator, tags.squareBracket, tags.brace, tags.meta],
    color: 'var(--text-color-3)',
  },
  { tag: [tags.string, tags.content, tags.literal, tags.attributeValue], color: 'var(--text-color-1)' },
  { tag: [tags.labelName, tags.typeName, tags.keyword], color: 'var(--color-hue-2)' },
  { tag: tags.invalid, color: 'var(--color-fail)' },
]);

/** How the editor looks: the YAML style of the design in both themes. */
export const editorLooks: Extension = [theme, syntaxHighlighting(highlight)];
