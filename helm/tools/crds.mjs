// `node crds.mjs < objects`: hold what Kubernetes does not define, one in JSON per line, against its own models.
import { createInterface } from "node:readline";
import { Certificate } from "@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";

const MODELS = { Certificate, HTTPRoute, PrometheusRule, ServiceMonitor };

for await (const line of createInterface({ input: process.stdin })) {
  const one = JSON.parse(line);
  try {
    new MODELS[one.kind](one).validate();
  } catch (problem) {
    console.log(`${one.kind}/${one.metadata.name}: ${problem.message}`);
  }
}
