// The whole page: the key prompt, or the list beside the player. `main.tsx` mounts it.
import type { JSX } from 'preact';
import { apiKey } from '../access.ts';
import { openId } from '../session-open.ts';
import { guest } from '../share/guest.ts';
import { GuestLine } from './guest-line.tsx';
import { KeyPrompt } from './key-prompt.tsx';
import { Player } from './player.tsx';
import { Sidebar } from './sidebar.tsx';
import { isTooOld, TooOld } from './too-old.tsx';
import { TopBar } from './top-bar.tsx';

export function App(): JSX.Element {
  if (isTooOld) return <TooOld />;
  if (guest.value) {
    return (
      <div class="app" data-open data-guest>
        <GuestLine />
        <Player />
      </div>
    );
  }
  if (apiKey.value === null) return <KeyPrompt />;
  return (
    <div class="app" data-open={openId.value !== null || undefined}>
      <TopBar />
      <Sidebar />
      <Player />
    </div>
  );
}
