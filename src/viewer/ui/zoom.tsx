// How large the page is shown, and a menu to change that: at the end of the visitor's address bar.
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { fit, isFree, isMoved, setFree, showActual, showAll, showWidth, ZOOM_STEP, zoomBy } from '../camera.ts';
import type { CommandName } from '../commands.ts';
import { keyed } from '../keyboard.ts';
import { frame } from '../playback.ts';
import { IconButton } from './icon-button.tsx';
import { Icon } from './icons.tsx';
import { Popup } from './popup.tsx';

const percent = computed(() => (fit.value ? `${Math.round(fit.value.scale * 100)} %` : ''));
const size = computed(() => {
  const viewport = frame.value?.viewport;
  return viewport ? `${Math.round(viewport.width)} × ${Math.round(viewport.height)} · ` : '';
});

export function Zoom(): JSX.Element {
  return (
    <Popup
      id="zoom"
      name="Zoom"
      class="bar-size"
      title="The visitor’s viewport, and the scale at which it is shown"
      label={
        <>
          <span class="unseen">Zoom: </span>
          <span class="bar-viewport">{size}</span>
          <span>{percent}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {() => (
        <div class="zoom">
          <div class="zoom-row">
            <IconButton name="Farther" icon="minus" command="zoom" run={() => zoomBy(1 / ZOOM_STEP)} />
            <output class="zoom-scale" aria-label="Scale">
              {percent}
            </output>
            <IconButton name="Nearer" icon="plus" command="zoom" which={1} run={() => zoomBy(ZOOM_STEP)} />
          </div>
          <Item name="Fit the page" command="fit" isOn={!isMoved.value} run={showAll} />
          <Item name="Fit its width" command="width" run={showWidth} />
          <Item name="100 %" command="actual" run={showActual} />
          <Item name="Scroll by yourself" command="free" isOn={isFree.value} run={() => setFree(!isFree.peek())} />
        </div>
      )}
    </Popup>
  );
}

/** `isOn` where it is a state, not an act. */
function Item(props: { name: string; command: CommandName; isOn?: boolean; run: () => void }): JSX.Element {
  return (
    <button
      class="zoom-item"
      type="button"
      aria-pressed={props.isOn}
      {...keyed(props.name, props.command)}
      onClick={props.run}
    >
      {props.name}
      {props.isOn && <Icon name="check" />}
    </button>
  );
}
