// Starts the viewer: the page at /replay. The bundler's entry.
import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/prompt.css';
import './style/sidebar.css';
import './style/player.css';
import './style/notices.css';
import './style/events.css';
import './style/controls.css';
import './style/timeline.css';
import { keepKeys } from './keyboard.ts';
import { keepView } from './list-view.ts';
import { keepTime } from './playback.ts';
import { keepPreferences } from './preferences.ts';
import { keepList } from './session-list.ts';
import { keepPlace } from './session-open.ts';
import { App } from './ui/app.tsx';
import { SEARCH_ID } from './ui/sidebar.tsx';
import { keepWatched } from './watched.ts';

keepPreferences();
render(<App />, document.getElementById('viewer')!);
keepView();
keepList();
keepPlace();
keepWatched();
keepTime();
keepKeys(() => document.getElementById(SEARCH_ID)?.focus());
