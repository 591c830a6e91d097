import { memo, type ReactNode, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

const PLUGINS = [remarkGfm];
const HEADING = 'mt-12 mb-4 font-semibold text-1 first:mt-0';

function link(onLink: (href: string) => void): NonNullable<Components['a']> {
  return ({ href, children }) =>
    href !== undefined && /^https?:/i.test(href) ? (
      <a
        href={href}
        title={href}
        className="cursor-pointer text-accent-text underline decoration-accent-line underline-offset-2"
        onClick={(event) => {
          event.preventDefault();
          onLink(href);
        }}
      >
        {children}
      </a>
    ) : (
      <span>{children}</span>
    );
}

const parts: Components = {
  p: ({ children }) => <p className="my-6 first:mt-0 last:mb-0">{children}</p>,
  h1: ({ children }) => <h3 className={`${HEADING} text-heading`}>{children}</h3>,
  h2: ({ children }) => <h4 className={`${HEADING} text-title`}>{children}</h4>,
  h3: ({ children }) => <h5 className={`${HEADING} text-body`}>{children}</h5>,
  h4: ({ children }) => <h6 className={`${HEADING} text-body`}>{children}</h6>,
  h5: ({ children }) => <h6 className={`${HEADING} text-body`}>{children}</h6>,
  h6: ({ children }) => <h6 className={`${HEADING} text-body`}>{children}</h6>,
  // Nothing is loaded from elsewhere, so a picture is only told.
  img: ({ alt, src }) => <span className="text-3">[Picture: {alt || String(src ?? '')}]</span>,
  ul: ({ children }) => <ul className="my-6 list-disc pl-20 marker:text-3">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="figures my-6 list-decimal pl-24 marker:text-3">
      {children}
    </ol>
  ),
  li: ({ children }) => <li className="my-2 pl-2">{children}</li>,
  input: ({ checked }) => (
    <input
      type="checkbox"
      checked={checked === true}
      readOnly
      tabIndex={-1}
      aria-label="Done"
      className="mr-6 align-middle"
    />
  ),
  blockquote: ({ children }) => (
    <blockquote className="my-8 border-l-2 border-border pl-12 text-3">{children}</blockquote>
  ),
  pre: ({ children }) => (
    <pre className="my-8 overflow-x-auto rounded-control border border-hairline bg-inset px-12 py-8 font-mono text-mono text-1 [&>code]:bg-transparent [&>code]:p-0">
      {children}
    </pre>
  ),
  code: ({ children }) => (
    <code className="rounded-hint bg-inset px-4 py-1 font-mono text-mono text-1">{children}</code>
  ),
  hr: () => <hr className="my-12 border-hairline" />,
  table: ({ children }) => (
    <div className="my-8 overflow-x-auto">
      <table className="border-collapse text-small">{children}</table>
    </div>
  ),
  th: ({ children }) => (
    <th className="border border-hairline bg-inset px-8 py-4 text-left font-semibold text-1">{children}</th>
  ),
  td: ({ children }) => <td className="border border-hairline px-8 py-4 align-top">{children}</td>,
};

export interface MarkdownProps {
  text: string;
  /** Opens a link of the web outside of the window; keep it the same, because a new one draws everything again. */
  onLink(href: string): void;
}

/** Markdown as a person or an agent wrote it: HTML in it stays text, pictures are not loaded, links open outside. */
export const Markdown = memo(function Markdown({ text, onLink }: MarkdownProps): ReactNode {
  const components = useMemo(() => ({ ...parts, a: link(onLink) }), [onLink]);
  return (
    <div className="takeable text-body wrap-anywhere text-2 [&_strong]:font-semibold [&_strong]:text-1">
      <ReactMarkdown remarkPlugins={PLUGINS} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
