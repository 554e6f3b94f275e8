{{- define "huilian.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Short enough that the longest suffix (-trial-postgresql and a StatefulSet's hash) still fits into 63 characters. */}}
{{- define "huilian.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "huilian.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "huilian.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* (dict "root" $ "component" "web"): what Services, policies and budgets select by. */}}
{{- define "huilian.selector" -}}
app.kubernetes.io/name: {{ include "huilian.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* The same, and what people read; component may be absent. */}}
{{- define "huilian.labels" -}}
app.kubernetes.io/name: {{ include "huilian.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | quote }}
{{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* (dict "root" $ "component" "web" "suffix" "web" "annotations" (dict …) "labels" (dict …)): the metadata of an object. */}}
{{- define "huilian.metadata" -}}
name: {{ include "huilian.fullname" .root }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace | quote }}
labels:
  {{- include "huilian.labels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "huilian.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* All hosts this installation answers at: the societies' wildcard and their own domains. */}}
{{- define "huilian.hosts" -}}
- {{ printf "*.%s" .Values.federation.domain | quote }}
{{- range .Values.federation.extraDomains }}
- {{ .host | quote }}
{{- end }}
{{- end }}

{{- define "huilian.tlsSecret" -}}
{{- .Values.tls.secretName | default (printf "%s-tls" (include "huilian.fullname" .)) -}}
{{- end }}

{{/* (dict "root" $ "which" "media"): the claim that was named, or the chart's own. */}}
{{- define "huilian.claim" -}}
{{- (index .root.Values .which).existingClaim | default (printf "%s-%s" (include "huilian.fullname" .root) .which) -}}
{{- end }}
