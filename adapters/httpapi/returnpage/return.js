// A bank that answers in the fragment answers to the browser only. This moves
// the fragment into the query, so that the server can read it; what the query
// held already stays. Without a state there is nothing to move.
(function () {
  "use strict";
  var fragment = new URLSearchParams(window.location.hash.slice(1));
  if (!fragment.get("state")) {
    return;
  }
  var query = new URLSearchParams(window.location.search);
  fragment.forEach(function (value, name) {
    if (!query.get(name)) {
      query.set(name, value);
    }
  });
  window.location.replace(window.location.pathname + "?" + query.toString());
})();
