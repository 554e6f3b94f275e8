{{/* (dict "root" $ "component" "upgrade"): what install, upgrade and reconcile Jobs have in common. */}}
{{- define "huilian.jobBasics" -}}
backoffLimit: {{ .root.Values.jobs.backoffLimit }}
activeDeadlineSeconds: {{ .root.Values.jobs.deadlineSeconds }}
ttlSecondsAfterFinished: {{ .root.Values.jobs.keepSeconds }}
{{- end }}

{{/* (dict "root" $ "process" "upgrade" "arguments" (list …) "show" "/data/file"): one run of manage.py. */}}
{{- define "huilian.manage" -}}
- name: {{ .name | default .process }}
  {{- include "huilian.container" . | nindent 2 }}
  {{- if .show }}
  command: [sh, -c, 'python /app/manage.py "$@" && cat {{ .show }}', manage]
  {{- else }}
  command: [python, /app/manage.py]
  {{- end }}
  args:
    {{- toYaml .arguments | nindent 4 }}
  resources:
    {{- toYaml .root.Values.jobs.resources | nindent 4 }}
{{- end }}
