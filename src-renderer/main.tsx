import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { createQueryClient } from './data/queries.ts';
import { ToastHost } from './ui/toast.tsx';
import { TipHost } from './ui/tooltip.tsx';
import './ui/base.css';

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no #root');

// Most first looks of a start are at Welcome, so it comes while main still loads.
void router.preloadRoute({ to: '/welcome' });

createRoot(place).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router} />
        <ToastHost />
        <TipHost />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
