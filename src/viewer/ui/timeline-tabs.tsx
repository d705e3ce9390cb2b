// Beside the lanes of several tabs: which of them is watched, the one in use or always the same.
import type { JSX } from 'preact';
import type { Tab } from '../../player/tabs.ts';
import { recording, stayOn } from '../playback.ts';
import { rows, stay, tabs } from '../timeline-state.ts';

export function TimelineTabs(): JSX.Element | null {
  const { own, others } = tabs.value;
  if (own.length + others.length < 2) return null;
  const { ruler, tabs: lanes, height } = rows.value;
  const nameOf = (tab: Tab) => `Tab ${(recording.value?.tabs.indexOf(tab) ?? 0) + 1}`;
  return (
    <div class="timeline-tabs" role="radiogroup" aria-label="Tab to watch" style={{ height: `${height}px` }}>
      <Choice name="Follow" title="Always the tab that the visitor uses" top={0} height={ruler.height} load={null} />
      {own.map((tab, i) => (
        <Choice
          key={tab.load}
          name={nameOf(tab)}
          title={`Stay on ${nameOf(tab)}`}
          top={lanes[i]?.top ?? 0}
          height={lanes[i]?.height ?? 0}
          load={tab.load}
        />
      ))}
      {others.length > 0 && (
        <span class="timeline-more" style={place(lanes.at(-1)?.top ?? 0, lanes.at(-1)?.height ?? 0)}>
          +{others.length}
          <span class="unseen"> more tabs</span>
        </span>
      )}
    </div>
  );
}

function Choice(props: { name: string; title: string; top: number; height: number; load: number | null }): JSX.Element {
  const { name, title, top, height, load } = props;
  return (
    <label class="timeline-tab" title={title} style={place(top, height)}>
      <input
        type="radio"
        name="timeline-tab"
        checked={(stay.value?.load ?? null) === load}
        onChange={() => {
          stayOn.value = load;
        }}
      />
      <span>{name}</span>
    </label>
  );
}

function place(top: number, height: number): { top: string; height: string } {
  return { top: `${top}px`, height: `${height}px` };
}
