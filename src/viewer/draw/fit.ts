// Where the visitor's viewport lies on the stage: as large as fits, centred.
import type { Size } from './surface.ts';

export interface Fit {
  /** Stage px per viewport px. */
  scale: number;
  /** The viewport's place on the stage, px. */
  left: number;
  top: number;
  width: number;
  height: number;
}

export function fitViewport(viewport: Size, stage: Size): Fit {
  const scale = Math.min(stage.width / viewport.width, stage.height / viewport.height);
  const width = viewport.width * scale;
  const height = viewport.height * scale;
  return { scale, width, height, left: (stage.width - width) / 2, top: (stage.height - height) / 2 };
}
