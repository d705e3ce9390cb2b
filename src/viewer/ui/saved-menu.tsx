// The list's name, and the menu of all that have one: to show, to save, to rename, to remove.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { isNarrowed } from '../filters.ts';
import { view } from '../list-view.ts';
import { BUILT_IN, forget, rename, type SavedFilter, save, saved, shown, showSaved } from '../saved-filters.ts';
import { focusNext } from './focus.ts';
import { IconButton } from './icon-button.tsx';
import { Icon } from './icons.tsx';
import { chosenIn, closePopup, Popup } from './popup.tsx';

const ID = 'saved-menu';

export function SavedMenu(): JSX.Element {
  const name = shown.value?.name ?? (isNarrowed(view.value) ? 'Filtered' : BUILT_IN[0]?.name);
  return (
    <Popup
      id={ID}
      name="Saved lists"
      class="button list-name"
      kind="quiet"
      label={
        <>
          <span class="unseen">List: </span>
          <span class="button-text">{name}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {() => <Saved />}
    </Popup>
  );
}

/** For what takes the control away that had the focus. */
function settle(change: () => void): void {
  change();
  focusNext(() => chosenIn(document.getElementById(ID)!));
}

function Saved(): JSX.Element {
  return (
    <div class="menu">
      <ul class="menu-choices">
        {BUILT_IN.map((one) => (
          <li key={one.name}>
            <Show one={one} />
          </li>
        ))}
      </ul>
      {saved.value.length > 0 && (
        <ul class="menu-choices" data-kind="apart">
          {saved.value.map((one) => (
            <Own key={one.name} one={one} />
          ))}
        </ul>
      )}
      {shown.value === null && (
        <NameForm name="" does="Save" says="Save this list as" onDone={(name) => settle(() => save(name))} />
      )}
      <p class="menu-note">Kept in this browser. To hand a list to someone else, copy the address.</p>
    </div>
  );
}

function Show({ one }: { one: SavedFilter }): JSX.Element {
  const choose = () => {
    showSaved(one);
    closePopup(ID);
  };
  return (
    <button class="menu-choice" type="button" aria-current={shown.value === one} onClick={choose}>
      <span>{one.name}</span>
    </button>
  );
}

function Own({ one }: { one: SavedFilter }): JSX.Element {
  const isNaming = useSignal(false);
  if (isNaming.value) {
    const done = (name: string) =>
      settle(() => {
        rename(one, name);
        isNaming.value = false;
      });
    return (
      <li>
        <NameForm name={one.name} does="Rename" says={`New name of ${one.name}`} onDone={done} />
      </li>
    );
  }
  return (
    <li class="menu-own">
      <Show one={one} />
      <IconButton
        name={`Rename ${one.name}`}
        icon="pencil"
        run={() => {
          isNaming.value = true;
          focusNext(() => document.querySelector(`#${ID} li input`));
        }}
      />
      <IconButton name={`Remove ${one.name}`} icon="bin" run={() => settle(() => forget(one))} />
    </li>
  );
}

function NameForm(props: { name: string; does: string; says: string; onDone: (name: string) => void }): JSX.Element {
  const name = useSignal(props.name);
  return (
    <form
      class="menu-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onDone(name.value);
      }}
    >
      <label class="field">
        <span class="field-name">{props.says}</span>
        <input
          class="input"
          type="text"
          autocomplete="off"
          maxLength={60}
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
      </label>
      <button class="button" type="submit" aria-disabled={name.value.trim() === ''}>
        {props.does}
      </button>
    </form>
  );
}
