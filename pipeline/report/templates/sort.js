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
  const body = head.closest("table").tBodies[0];
  const key = (row) => row.cells[head.cellIndex].dataset.key ?? row.cells[head.cellIndex].textContent.trim();
  const rows = [...body.rows].sort((a, b) => compare(key(a), key(b), rising));
  body.append(...rows);
}

// Empty cells stay last whichever way the column is sorted.
function compare(a, b, rising) {
  if (a === "" || b === "") return (a === "") - (b === "");
  const order = a.localeCompare(b, undefined, { numeric: true });
  return rising ? order : -order;
}
