"use strict";

const root = ReactDOM.createRoot(document.getElementById("graphiql"));
const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
root.render(React.createElement(GraphiQL, { fetcher, defaultEditorToolsVisibility: true }));
