import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconType } from './icon.tsx';
import { KeyHint } from './key-hint.tsx';
import { FLOAT, MENU_ITEM, POP } from './layer.ts';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: IconType;
  shortcut?: string;
  danger?: boolean;
  disabledReason?: string | undefined;
  run(): void;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  /** Groups are parted by a line. */
  groups: readonly (readonly MenuEntry[])[];
  align?: 'start' | 'end';
}

function Line({ entry }: { entry: MenuEntry }): ReactNode {
  return (
    <BaseMenu.Item
      onClick={entry.run}
      disabled={entry.disabledReason !== undefined}
      className={cx(MENU_ITEM, entry.danger && 'text-fail')}
    >
      {entry.icon !== undefined && <Icon icon={entry.icon} className={entry.danger ? undefined : 'text-2'} />}
      <span className="flex flex-1 flex-col">
        {entry.label}
        {entry.disabledReason !== undefined && <span className="text-small">{entry.disabledReason}</span>}
      </span>
      {entry.shortcut !== undefined && <KeyHint keys={entry.shortcut} />}
    </BaseMenu.Item>
  );
}

/** Actions behind a button. */
export function Menu({ trigger, groups, align = 'end' }: MenuProps): ReactNode {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align={align} collisionPadding={8} className="z-50">
          <BaseMenu.Popup className={cx(FLOAT, POP, 'min-w-200 rounded-card p-4')}>
            {groups.map((group, index) => (
              <BaseMenu.Group key={group[0]?.id ?? index}>
                {index > 0 && <BaseMenu.Separator className="my-4 h-1 bg-hairline" />}
                {group.map((entry) => (
                  <Line key={entry.id} entry={entry} />
                ))}
              </BaseMenu.Group>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
