import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from '../../../ui/cx.ts';

/** What is shown inside; it gets the tree once and is disposed with it. */
type Mount = (root: ShadowRoot) => Disposable;

/**
 * A place for what brings its own style sheets. In a shadow tree they are adopted, so the window's policy against style
 * elements holds. Letters typed inside stay inside: the window cannot see that a field there has the focus.
 */
export function ShadowHost(props: { mount: Mount; className?: string }): ReactNode {
  const { mount, className } = props;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open', delegatesFocus: true });
    const mounted = mount(root);
    return () => mounted[Symbol.dispose]();
  }, [mount]);
  useEffect(() => {
    const element = host.current;
    const keepLetters = (event: KeyboardEvent) => {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    };
    element?.addEventListener('keydown', keepLetters);
    return () => element?.removeEventListener('keydown', keepLetters);
  }, []);
  return <div ref={host} className={cx('min-h-0 select-text', className)} />;
}
