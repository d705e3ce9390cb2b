// The twelve lamps of the demo shop; the shop's pages, the basket and the checkout read them.

/** What the catalogue is divided into; the key is the first segment of a shop address. */
export const kinds = {
  table: 'Table lamps',
  floor: 'Floor lamps',
  ceiling: 'Ceiling lamps',
  portable: 'Portable lamps',
};

/** Finishes by their key, which is also the value of `data-finish` in the stylesheet. */
export const finishes = { night: 'Night', persimmon: 'Persimmon', bone: 'Bone', moss: 'Moss', lilac: 'Lilac' };

/** One entry a lamp: `id` names its drawing in lamps.svg, price in whole euros, lumens at full, kelvin at full. */
export const lamps = [
  {
    id: 'moth',
    kind: 'table',
    name: 'Moth',
    price: 240,
    lumens: 320,
    kelvin: 2400,
    size: '34 cm across, 46 cm tall',
    finishes: ['persimmon', 'night', 'moss'],
    panel: 'butter',
    line: 'A wide brim and a low glow, for tables where people stay.',
    story: [
      'Moth began as a mistake. A dome meant for the ceiling came off the lathe two centimetres too wide, spent a winter on the office table, and nobody wanted to work anywhere else.',
      'The brim hides the bulb from every chair in the room, standing or sitting. What you see is the tabletop, your hands, and the faces of whoever came to dinner.',
    ],
  },
  {
    id: 'vesper',
    kind: 'table',
    name: 'Vesper',
    price: 310,
    lumens: 410,
    kelvin: 2700,
    size: '24 cm across, 52 cm tall',
    finishes: ['night', 'persimmon', 'lilac'],
    panel: 'powder',
    line: 'A globe half set, like the sun over flat water.',
    story: [
      'The lower half of the globe sits in an enamelled bowl, so the light goes up to the wall and comes back gently. Nothing glares; the whole wall does the work.',
      'Turn the globe in its bowl and the horizon tilts. It has no other purpose. We turn ours most evenings.',
    ],
  },
  {
    id: 'sill',
    kind: 'table',
    name: 'Sill',
    price: 195,
    lumens: 180,
    kelvin: 2200,
    size: '36 cm wide, 30 cm tall, 12 cm deep',
    finishes: ['moss', 'night', 'bone'],
    panel: 'sage',
    line: 'A lit window, for rooms that lack one.',
    story: [
      'Put Sill on a shelf, a landing, the end of a corridor: anywhere the eye goes and finds nothing. Four small panes of opal glass do what a neighbour’s window does on a winter walk.',
      'It is shallow enough for a bookshelf and weighted so that cats may lean on it.',
    ],
  },
  {
    id: 'heron',
    kind: 'floor',
    name: 'Heron',
    price: 465,
    lumens: 620,
    kelvin: 2700,
    size: '152 cm tall, reach 48 cm',
    finishes: ['persimmon', 'night', 'bone'],
    panel: 'fog',
    line: 'Stands on one leg and looks at your book.',
    story: [
      'A reading lamp has one duty: light the page, leave the reader alone. Heron’s head ends above the shoulder, turns with one finger, and throws an oval the size of an open newspaper.',
      'The foot is four kilos of cast iron, so the leg can be as thin as a pencil.',
    ],
  },
  {
    id: 'lintel',
    kind: 'floor',
    name: 'Lintel',
    price: 540,
    lumens: 480,
    kelvin: 2400,
    size: '128 cm tall, 74 cm wide',
    finishes: ['lilac', 'night', 'moss'],
    panel: 'rose',
    line: 'A doorway with a moon in it.',
    story: [
      'One steel tube, bent three times, and a glass globe hung where the keystone would be. Lintel needs no corner: it makes a place of its own in the middle of a floor.',
      'Children walk through it. It was tested for that, repeatedly, by children.',
    ],
  },
  {
    id: 'hush',
    kind: 'floor',
    name: 'Hush',
    price: 280,
    lumens: 350,
    kelvin: 2200,
    size: '98 cm tall, 46 cm across',
    finishes: ['night', 'persimmon', 'moss'],
    panel: 'peach',
    line: 'Paper, bamboo and the sound of neither.',
    story: [
      'Kozo paper over nine bamboo hoops, folded flat for the post and opened by hand in about a minute. The paper is thick where your eye rests and thin where it does not.',
      'It yellows a little each year. So does everything good.',
    ],
  },
  {
    id: 'tern',
    kind: 'ceiling',
    name: 'Tern',
    price: 350,
    lumens: 780,
    kelvin: 2700,
    size: '62 cm across, cord 2.5 m',
    finishes: ['bone', 'persimmon', 'night'],
    panel: 'powder',
    line: 'Wings out over the dinner table.',
    story: [
      'Spun from a single disc of aluminium, Tern is as wide as a table for four and as light as the plates on it. Hang it low: 58 centimetres above the wood is where talk gets better.',
      'The inside is painted the white of a gull’s breast. We tried eleven whites. It matters.',
    ],
  },
  {
    id: 'carillon',
    kind: 'ceiling',
    name: 'Carillon',
    price: 395,
    lumens: 540,
    kelvin: 2400,
    size: '38 cm across, 34 cm tall, cord 2.5 m',
    finishes: ['moss', 'lilac', 'night'],
    panel: 'butter',
    line: 'A bell that rings light, singly or in a peal.',
    story: [
      'A narrow throat and a broad lip: a bell is already the right shape for light, it only lacked the bulb. The clapper is opal glass and hangs a finger below the rim.',
      'One over a sink, three over a counter, five in a stairwell if the stairwell deserves it.',
    ],
  },
  {
    id: 'orchard',
    kind: 'ceiling',
    name: 'Orchard',
    price: 690,
    lumens: 960,
    kelvin: 2400,
    size: '84 cm wide, drop 90 cm',
    finishes: ['moss', 'persimmon', 'night'],
    panel: 'sage',
    line: 'Three ripe globes and two leaves.',
    story: [
      'Each globe has its own dimmer in the branch, so the fruit ripens unevenly, as fruit does. The leaves are brass, hammered cold, and no two are alike because our hammer hand is called Ines and she gets bored.',
      'Best in a room with some height, over something round.',
    ],
  },
  {
    id: 'plover',
    kind: 'portable',
    name: 'Plover',
    price: 145,
    lumens: 160,
    kelvin: 2400,
    size: '17 cm across, 26 cm tall',
    finishes: ['persimmon', 'bone', 'lilac'],
    panel: 'rose',
    line: 'Goes where you go; comes home to charge.',
    story: [
      'Eighteen hours on a charge, which is one good party or a week of bedtime chapters. Touch the button on its crown to go down through four lights, the last one barely there.',
      'The battery unscrews with a coin. When it tires in eight years or so, we send another for the price of postage.',
    ],
  },
  {
    id: 'ember',
    kind: 'portable',
    name: 'Ember',
    price: 120,
    lumens: 90,
    kelvin: 1900,
    size: '18 cm wide, 30 cm tall',
    finishes: ['night', 'moss', 'persimmon'],
    panel: 'peach',
    line: 'The garden lantern, without the matches.',
    story: [
      'Rain, dew and one documented fall into a pond: Ember takes them all. At 1,900 kelvin it is the warmest light we make, and insects find it dull.',
      'The handle stays cool and the glass stays put. Forty hours on a charge.',
    ],
  },
  {
    id: 'pilot',
    kind: 'portable',
    name: 'Pilot',
    price: 48,
    lumens: 20,
    kelvin: 1800,
    size: '7 cm wide, 10 cm tall',
    finishes: ['lilac', 'bone', 'persimmon'],
    panel: 'fog',
    line: 'Exactly enough light to find the stairs.',
    story: [
      'Pilot wakes when the room goes dark and gives about as much light as one candle and a half, aimed at the floor, where feet are.',
      'It is the first lamp we ever sold and the one people write to us about.',
    ],
  },
];

/** The lamp of that id, or undefined. */
export const lampOf = (id) => lamps.find((lamp) => lamp.id === id);

/** Where a lamp's page is. */
export const addressOf = (lamp) => `/demo/shop/${lamp.kind}/${lamp.id}`;

/** A price in whole euros as it is shown. */
export const priceText = (euros) => `€${euros.toLocaleString('en')}`;

/** The drawing of a lamp on its coloured panel, as markup. */
export const artOf = (lamp, finish = lamp.finishes[0]) =>
  `<span class="art" data-panel="${lamp.panel}" data-finish="${finish}"><svg viewBox="0 0 200 240" aria-hidden="true"><use href="/demo/lamps.svg#${lamp.id}" /></svg></span>`;

/** A lamp's card in a grid, as markup. */
export const cardOf = (lamp) => `<a class="card" href="${addressOf(lamp)}">
  ${artOf(lamp)}
  <span class="card-name">${lamp.name}</span>
  <span class="card-price">${priceText(lamp.price)}</span>
  <span class="card-line">${lamp.line}</span>
</a>`;
