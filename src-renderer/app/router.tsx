import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { LOOKS, type Look } from '../views/boards/logic/looks.ts';
import { Root } from './root.tsx';
import { RouteError } from './route-error.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: () => <RouteError /> });

/** The window starts here, until it knows where a person belongs. */
const index = createRoute({ getParentRoute: () => root, path: '/' });
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: (search: Record<string, unknown>): { link?: string } =>
    typeof search.link === 'string' ? { link: search.link } : {},
  component: lazyRouteComponent(() => import('../views/welcome/welcome-view.tsx'), 'WelcomeView'),
});
const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  component: lazyRouteComponent(() => import('../views/overview/overview-view.tsx'), 'OverviewView'),
});
const stations = createRoute({
  getParentRoute: () => root,
  path: '/stations',
  component: lazyRouteComponent(() => import('../views/stations/stations-view.tsx'), 'StationsView'),
});
const station = createRoute({ getParentRoute: () => stations, path: '$stationId' });
const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  validateSearch: (search: Record<string, unknown>): { run?: boolean; station?: string } => ({
    ...(search.run === true ? { run: true } : {}),
    ...(typeof search.station === 'string' ? { station: search.station } : {}),
  }),
  component: lazyRouteComponent(() => import('../views/agents/agents-view.tsx'), 'AgentsView'),
});
const agent = createRoute({ getParentRoute: () => agents, path: '$agentName' });
const work = createRoute({
  getParentRoute: () => root,
  path: '/work',
  component: lazyRouteComponent(() => import('../views/work/work-view.tsx'), 'WorkView'),
});
const workItem = createRoute({ getParentRoute: () => work, path: '$workId' });
const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  component: lazyRouteComponent(() => import('../views/usage/usage-view.tsx'), 'UsageView'),
});
const routing = createRoute({
  getParentRoute: () => root,
  path: '/routing',
  component: lazyRouteComponent(() => import('../views/routing/routing-view.tsx'), 'RoutingView'),
});
const boards = createRoute({
  getParentRoute: () => root,
  path: '/boards',
  validateSearch: (search: Record<string, unknown>): { look?: Look } => {
    const look = LOOKS.find((known) => known === search.look);
    return look === undefined ? {} : { look };
  },
  component: lazyRouteComponent(() => import('../views/boards/boards-view.tsx'), 'BoardsView'),
});
const board = createRoute({ getParentRoute: () => boards, path: '$boardId' });
const boardTask = createRoute({ getParentRoute: () => boards, path: '$boardId/$taskId' });
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  component: lazyRouteComponent(() => import('../views/events/events-view.tsx'), 'EventsView'),
});
const hub = createRoute({
  getParentRoute: () => root,
  path: '/hub',
  component: lazyRouteComponent(() => import('../views/hub/hub-view.tsx'), 'HubView'),
});
const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  component: lazyRouteComponent(() => import('../views/devices/devices-view.tsx'), 'DevicesView'),
});
const guests = createRoute({
  getParentRoute: () => root,
  path: '/hub/guests',
  component: lazyRouteComponent(() => import('../views/guests/guests-view.tsx'), 'GuestsView'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../views/settings/settings-view.tsx'), 'SettingsView'),
});

/** Where one can go in the window; places are in the hash, so that they work under any scheme. */
export const router = createRouter({
  routeTree: root.addChildren([
    index,
    welcome,
    overview,
    stations.addChildren([station]),
    agents.addChildren([agent]),
    work.addChildren([workItem]),
    usage,
    routing,
    boards.addChildren([board, boardTask]),
    events,
    hub,
    devices,
    guests,
    settings,
  ]),
  history: createHashHistory(),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
