// A video of a recording, drawn and encoded frame by frame in the browser. The share dialog calls it.
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import { frameAt } from '../../player/frame.ts';
import type { Recording } from '../../player/recording.ts';
import { createBreather } from '../breathe.ts';
import type { Look } from '../draw/look.ts';
import { drawStage } from '../draw/stage.ts';
import { Failure } from '../failure.ts';
import { FRAMES_MAX, FRAMES_PER_SECOND, type Pace, timesOf } from './video-times.ts';

export interface VideoOptions extends Pace {
  look: Look;
  trail: boolean;
  /** 0 to 1; called for every frame. */
  progress(share: number): void;
}

const WIDTH = 1280;
const HEIGHT_MAX = 1280;
/** Pointer and names are so much larger than on a screen: films are watched in small windows, too. */
const LARGER = 1.5;
const BITS_PER_SECOND = 2_500_000;
/** Frames from one that can be jumped to, to the next. */
const KEY_FRAMES = 150;
/** Frames that wait for the encoder: each holds a picture. */
const WAITING_MAX = 8;
/** What is played by most comes first; the others are for browsers that cannot make it. */
const CODECS = [
  ['avc', 'avc1.4d0028'],
  ['vp9', 'vp09.00.40.08'],
  ['av1', 'av01.0.08M.08'],
] as const;

/** An MP4 file. Rejects with Failure, or an AbortError where `signal` said so. */
export async function makeVideo(recording: Recording, options: VideoOptions, signal: AbortSignal): Promise<Blob> {
  const { range, look, trail } = options;
  const times = timesOf(recording, options);
  if (times.length > FRAMES_MAX)
    throw new Failure('unreadable', 'That would be a video of more than an hour: choose a stretch, or a higher speed.');
  const { viewport } = frameAt(recording, range.from);
  const size = sizeOf(viewport.width / viewport.height);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, size);
  const context = canvas.getContext('2d', { alpha: false });
  const [codec, config] = await encodingFor(size);
  if (!context) throw cannot();
  context.scale(LARGER, LARGER);
  const stage = { width: size.width / LARGER, height: size.height / LARGER };

  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { frameRate: FRAMES_PER_SECOND });
  await output.start();
  let failure: unknown = null;
  let written: Promise<unknown> = Promise.resolve();
  const encoder = new VideoEncoder({
    output(chunk, meta) {
      written = written.then(() => source.add(EncodedPacket.fromEncodedChunk(chunk), meta));
      written.catch((error: unknown) => {
        failure ??= error;
      });
    },
    error(error) {
      failure ??= error;
    },
  });
  try {
    encoder.configure(config);
    const breathe = createBreather();
    for (const [number, time] of times.entries()) {
      drawStage(context, stage, frameAt(recording, time), look, { trail, still: false, pointed: null });
      const timestamp = Math.round((number * 1e6) / FRAMES_PER_SECOND);
      const picture = new VideoFrame(canvas, { timestamp, duration: Math.round(1e6 / FRAMES_PER_SECOND) });
      encoder.encode(picture, { keyFrame: number % KEY_FRAMES === 0 });
      picture.close();
      options.progress((number + 1) / times.length);
      await breathe();
      while (encoder.encodeQueueSize > WAITING_MAX && failure === null) await dequeued(encoder);
      signal.throwIfAborted();
      if (failure !== null) throw failure;
    }
    await encoder.flush();
    await written;
    await output.finalize();
    return new Blob([target.buffer!], { type: 'video/mp4' });
  } catch (error) {
    await output.cancel().catch(() => undefined);
    if (signal.aborted || error instanceof Failure) throw error;
    throw new Failure('unreadable', 'This browser began the video and could not go on with it.');
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}

/** Even numbers, as encoders want them. */
function sizeOf(aspect: number): { width: number; height: number } {
  const even = (n: number) => Math.max(2, Math.round(n / 2) * 2);
  const height = even(WIDTH / aspect);
  return height <= HEIGHT_MAX ? { width: WIDTH, height } : { width: even(HEIGHT_MAX * aspect), height: HEIGHT_MAX };
}

async function encodingFor(size: { width: number; height: number }) {
  if (typeof VideoEncoder !== 'function' || typeof VideoFrame !== 'function') throw cannot();
  for (const [name, codec] of CODECS) {
    const wanted: VideoEncoderConfig = { codec, ...size, bitrate: BITS_PER_SECOND, framerate: FRAMES_PER_SECOND };
    if (name === 'avc') wanted.avc = { format: 'avc' };
    const { supported } = await VideoEncoder.isConfigSupported(wanted).catch(() => ({ supported: false }));
    if (supported) return [name, wanted] as const;
  }
  throw cannot();
}

function cannot(): Failure {
  return new Failure(
    'unreadable',
    'This browser cannot make videos (it has no WebCodecs). Chrome, Edge, Safari 17 and Firefox 130 can.',
  );
}

function dequeued(encoder: VideoEncoder): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      encoder.removeEventListener('dequeue', done);
      resolve();
    };
    // An encoder that failed tells of no more frames.
    const timer = setTimeout(done, 100);
    encoder.addEventListener('dequeue', done);
  });
}
