// `node crds.mjs < objects`: hold Certificates and HTTPRoutes, one in JSON per line, against their own models.
import { createInterface } from "node:readline";
import { Certificate } from "@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";

const MODELS = { Certificate, HTTPRoute };

for await (const line of createInterface({ input: process.stdin })) {
  const one = JSON.parse(line);
  try {
    new MODELS[one.kind](one).validate();
  } catch (problem) {
    console.log(`${one.kind}/${one.metadata.name}: ${problem.message}`);
  }
}
