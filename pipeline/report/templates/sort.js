for (const head of document.querySelectorAll("table.rows thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(head));
}

function sort(head) {
  const rising = head.getAttribute("aria-sort") !== "ascending";
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", rising ? "ascending" : "descending");
  // A study is a body of one row, or of two where the second says why it was not done.
  const table = head.closest("table");
  const cell = (body) => body.rows[0].cells[head.cellIndex];
  const key = (body) => cell(body).dataset.key ?? cell(body).textContent.trim();
  const bodies = [...table.tBodies].sort((a, b) => compare(key(a), key(b), rising));
  table.append(...bodies);
}

// Empty cells stay last whichever way the column is sorted.
function compare(a, b, rising) {
  if (a === "" || b === "") return (a === "") - (b === "");
  const order = a.localeCompare(b, undefined, { numeric: true });
  return rising ? order : -order;
}
