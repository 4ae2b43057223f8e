// The rows: `R5C3` is the third cell of the fifth row, until it is written.

const written = new Map();
const done = [];
const undone = [];

const calls = {
  read: (first, count, width) =>
    Array.from({ length: count }, (_, index) =>
      Array.from({ length: width }, (_, column) => cell(first + index, column)),
    ),
  write(cells) {
    undone.length = 0;
    done.push(put(cells));
  },
  undo: () => move(done, undone),
  redo: () => move(undone, done),
};

function cell(row, column) {
  return written.get(`${row}:${column}`) ?? `R${row + 1}C${column + 1}`;
}

/** Writes cells; gives what was there. */
function put(cells) {
  return cells.map(([row, column, value]) => {
    const before = cell(row, column);
    written.set(`${row}:${column}`, value);
    return [row, column, before];
  });
}

function move(from, to) {
  const cells = from.pop();
  if (cells) to.push(put(cells));
}

onmessage = ({ data: { id, call, values } }) => postMessage({ id, answer: calls[call](...values) });
