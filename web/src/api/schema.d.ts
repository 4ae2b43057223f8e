export interface paths {
  "/api/imports": {
    get: {
      responses: { 200: { content: { "application/json": { imports: components["schemas"]["Import"][] } } } };
    };
    post: {
      requestBody: { content: { "application/json": components["schemas"]["NewImport"] } };
      responses: {
        201: {
          content: {
            "application/json": {
              import: components["schemas"]["Import"];
              upload: components["schemas"]["Upload"];
            };
          };
        };
      };
    };
  };
  "/api/imports/{id}": {
    get: {
      parameters: { path: { id: string } };
      responses: { 200: { content: { "application/json": components["schemas"]["Import"] } } };
    };
  };
  "/api/imports/{id}/confirm": {
    post: {
      parameters: { path: { id: string } };
      responses: { 202: { content: { "application/json": components["schemas"]["Import"] } } };
    };
  };
  "/api/imports/{id}/results/{name}": {
    get: {
      parameters: { path: { id: string; name: string } };
      responses: { 200: { content: { "application/json": { url: string; expires: string } } } };
    };
  };
}
export interface components {
  schemas: {
    State:
      | "created"
      | "checking"
      | "ready"
      | "queued"
      | "applying"
      | "finished"
      | "rejected"
      | "failed"
      | "expired";
    NewImport: {
      program: string;
      file: { name: string; bytes: number; sha256: string };
      options: components["schemas"]["Options"];
    };
    Options: {
      duplicates: "skip" | "fill-missing" | "update" | "reject";
      invite: boolean;
      allOrNothing: boolean;
    };
    Upload: { method: string; url: string; headers: { [key: string]: string }; expires: string };
    Outcomes: { created: number; updated: number; unchanged: number; skipped: number; rejected: number };
    Entities: { [key: string]: { created: number; updated: number; unchanged: number; errors: number } };
    Import: {
      id: string;
      program: string;
      state: components["schemas"]["State"];
      reason: { rule: string; message: string; help: string } | null;
      file: { name: string; bytes: number; sha256: string };
      options: components["schemas"]["Options"];
      createdAt: string;
      createdBy: string;
      finishedAt: string | null;
      rows: number;
      dryRun: {
        outcomes: components["schemas"]["Outcomes"];
        entities: components["schemas"]["Entities"];
        invitations: number;
      } | null;
      progress: { partitions: number; done: number } | null;
      outcomes: components["schemas"]["Outcomes"] | null;
      entities: components["schemas"]["Entities"] | null;
      invitations: { due: number; sent: number; failed: number } | null;
    };
  };
}
