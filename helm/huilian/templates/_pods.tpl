{{/* (dict "root" $ "component" "web" "annotations" …): the metadata of a pod; no version, which would restart it for nothing. */}}
{{- define "huilian.podMetadata" -}}
labels:
  {{- include "huilian.selector" . | nindent 2 }}
  {{- with .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What every pod of this chart says first; (dict "root" $ "user" 10001). */}}
{{- define "huilian.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "huilian.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* (dict "root" $ "process" "web" "media" "write"): what a container of Huilian has in common with the others. */}}
{{- define "huilian.container" -}}
image: {{ include "huilian.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- include "huilian.restricted" . | nindent 2 }}
env:
  {{- include "huilian.environment" . | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if fromJsonArray (include "huilian.secretsOf" .) }}
  - name: secrets-{{ .process }}
    mountPath: /run/secrets/huilian
    readOnly: true
  {{- end }}
  {{- if and .media (not .root.Values.media.s3.bucket) }}
  - name: media
    mountPath: /data/media
    {{- if eq .media "read" }}
    readOnly: true
    {{- end }}
  {{- end }}
  {{- if .backup }}
  - name: backup
    mountPath: /backup
  {{- end }}
  {{- if .data }}
  - name: data
    mountPath: /data
  {{- end }}
  {{- with .root.Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "huilian.metricsPort" -}}
- name: metrics
  containerPort: {{ .Values.metrics.port }}
{{- end }}

{{/* (dict "root" $ "processes" (list "web") "media" "write"): the volumes behind it. */}}
{{- define "huilian.volumes" -}}
{{- $root := .root -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- range $process := .processes }}
{{- with fromJsonArray (include "huilian.secretsOf" (dict "root" $root "process" $process)) }}
- name: secrets-{{ $process }}
  projected:
    defaultMode: 0440
    sources:
      {{- range . }}
      - secret:
          name: {{ .secret | quote }}
          items:
            - key: {{ .key | quote }}
              path: {{ .variable }}
      {{- end }}
{{- end }}
{{- end }}
{{- if and .media (not $root.Values.media.s3.bucket) }}
- name: media
  persistentVolumeClaim:
    claimName: {{ include "huilian.claim" (dict "root" $root "which" "media") | quote }}
{{- end }}
{{- if .backup }}
- name: backup
  persistentVolumeClaim:
    claimName: {{ include "huilian.claim" (dict "root" $root "which" "backup") | quote }}
{{- end }}
{{- if .data }}
- name: data
  emptyDir:
    sizeLimit: 64Mi
{{- end }}
{{- with $root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* (dict "root" $ "component" "web"): over zones first, over nodes second. */}}
{{- define "huilian.spread" -}}
{{- if .root.Values.topologySpread.enabled }}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ $.root.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "huilian.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{/*
Is a process without HTTP alive? Its main thread wakes up several times a minute, whether the broker is there or not; one
that hangs in a read that never ends does not, and the kernel's count of its switches stands still.
*/}}
{{- define "huilian.pulse" -}}
exec:
  command:
    - sh
    - -c
    - now=$(grep ^voluntary /proc/1/status); was=$(cat /tmp/pulse 2>/dev/null); echo "$now" >/tmp/pulse; test "$now" != "$was"
periodSeconds: 60
timeoutSeconds: 5
failureThreshold: 3
{{- end }}
