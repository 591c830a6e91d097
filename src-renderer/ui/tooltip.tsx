import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

const tips = Tooltip.createHandle<ReactNode>();

/** Says more about its child on hover and keyboard focus; the child must be able to take a ref and props. */
export function Tip(props: { text: ReactNode; children: ReactElement; delay?: number }): ReactNode {
  return (
    <Tooltip.Trigger handle={tips} payload={props.text} delay={props.delay ?? 500} render={props.children} />
  );
}

/** The one bubble that all tips share; it stands once at the root of the window. */
export function TipHost(): ReactNode {
  return (
    <Tooltip.Provider>
      <Tooltip.Root handle={tips}>
        {({ payload }) => (
          <Tooltip.Portal>
            <Tooltip.Positioner sideOffset={6} collisionPadding={8} className="z-60">
              <Tooltip.Popup className="max-w-360 rounded-control border border-border bg-raised px-8 py-4 text-small text-2 shadow-float transition-opacity duration-160 ease-enter data-ending-style:opacity-0 data-starting-style:opacity-0">
                {payload}
              </Tooltip.Popup>
            </Tooltip.Positioner>
          </Tooltip.Portal>
        )}
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
