// Asks for the API key, and says why where one was refused.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyRefusal, offerKey } from '../access.ts';
import { Brand } from './brand.tsx';
import { focusNext } from './focus.ts';
import { SIDEBAR_ID } from './sidebar.tsx';

export function KeyPrompt(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const asking = useSignal(false);
  const problem = useSignal(keyRefusal.value);
  useEffect(() => field.current?.focus(), []);

  const offer = async (submit: Event) => {
    submit.preventDefault();
    if (asking.value) return;
    const entered = field.current?.value ?? '';
    if (entered.trim() === '') {
      problem.value = 'Enter the key first.';
      field.current?.focus();
      return;
    }
    asking.value = true;
    problem.value = '';
    const failure = await offerKey(entered);
    asking.value = false;
    if (!failure) {
      focusNext(() => document.getElementById(SIDEBAR_ID));
      return;
    }
    problem.value = failure.message;
    field.current?.focus();
    field.current?.select();
  };

  return (
    <main class="prompt">
      <form class="prompt-card" onSubmit={offer} aria-busy={asking.value}>
        <h1>
          <Brand />
        </h1>
        <p class="prompt-text">Watch what visitors did. The recordings are behind the key of this server.</p>
        <label class="field">
          <span class="field-name">API key</span>
          <input
            ref={field}
            class="input"
            type="password"
            name="key"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-invalid={problem.value !== ''}
            aria-describedby="key-problem key-help"
          />
        </label>
        <p class="prompt-problem" id="key-problem" role="alert">
          {problem}
        </p>
        <button class="button" data-kind="main" type="submit" aria-disabled={asking.value}>
          Open
        </button>
        <p class="prompt-help" id="key-help">
          The server prints the key when it starts. It stays in this tab and is forgotten when you close it.
        </p>
      </form>
    </main>
  );
}
