import { Square, SquareCheck } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { call } from '../../../data/queries.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { toastError } from '../../../ui/toast.tsx';

/** More characters than this are shown as they are: laying them out would hold up the window. */
const LAID_OUT = 100_000;
/** More than this is not put into the page at all. */
const SHOWN = 400_000;

function open(url: string): void {
  void call('app.openExternal', { url }).catch((error: unknown) =>
    toastError('The link did not open', error),
  );
}

/** A link opens in the browser of the system, and only when it leads to the web. */
const components: Components = {
  a: ({ href, children }) =>
    href !== undefined && /^https?:\/\//i.test(href) ? (
      <button
        type="button"
        title={href}
        onClick={() => open(href)}
        className="rounded-hint text-left text-accent-text hover:underline"
      >
        {children}
      </button>
    ) : (
      <span title={href}>{children}</span>
    ),
  // A picture from elsewhere would tell its server who reads; its words stand in.
  img: ({ alt, src }) => (
    <span className="text-3">[{alt === undefined || alt === '' ? String(src) : alt}]</span>
  ),
  input: ({ checked }) => (
    <span
      role="img"
      aria-label={checked === true ? 'Done' : 'Open'}
      className={checked === true ? 'mt-3 inline-flex text-good-fill' : 'mt-3 inline-flex text-3'}
    >
      <Icon icon={checked === true ? SquareCheck : Square} size={14} />
    </span>
  ),
};

const LOOK =
  '[&_h1]:text-heading [&_h1]:text-1 [&_h2]:text-title [&_h2]:text-1 [&_h3]:font-semibold [&_h3]:text-1 [&_ul]:list-disc [&_ul]:pl-20 [&_ol]:list-decimal [&_ol]:pl-20 [&_li]:my-2 [&_.contains-task-list]:list-none [&_.contains-task-list]:pl-0 [&_.task-list-item]:flex [&_.task-list-item]:items-start [&_.task-list-item]:gap-8 [&_code]:rounded-hint [&_code]:bg-inset [&_code]:px-4 [&_code]:text-mono [&_pre]:overflow-x-auto [&_pre]:rounded-control [&_pre]:bg-inset [&_pre]:p-8 [&_pre_code]:bg-transparent [&_pre_code]:p-0 [&_blockquote]:border-l-2 [&_blockquote]:border-strong [&_blockquote]:pl-10 [&_blockquote]:text-3 [&_hr]:border-hairline [&_strong]:font-semibold [&_strong]:text-1 [&_table]:border-collapse [&_th]:border [&_th]:border-border [&_th]:px-8 [&_th]:text-left [&_td]:border [&_td]:border-border [&_td]:px-8';

/** Text of people and agents, laid out; HTML in it is shown as text and nothing is loaded. */
export function Markdown({ text, className }: { text: string; className?: string }): ReactNode {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}\n…` : text;
  const laidOut = useMemo(
    () =>
      shown.length > LAID_OUT ? (
        <pre className="whitespace-pre-wrap">{shown}</pre>
      ) : (
        <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
          {shown}
        </ReactMarkdown>
      ),
    [shown],
  );
  return (
    <div className={cx('takeable flex flex-col gap-8 text-body wrap-anywhere text-2', LOOK, className)}>
      {laidOut}
    </div>
  );
}
