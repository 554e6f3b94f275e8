{{/* What no schema can say: values that need or exclude one another. Rendered once, by web.yaml. */}}
{{- define "huilian.check" -}}
{{- $v := .Values -}}
{{- $wrong := list -}}
{{- if not $v.image.repository -}}
  {{- $wrong = append $wrong "image.repository: where your image lies; build it with the Dockerfile and push it." -}}
{{- end -}}
{{- if not $v.federation.domain -}}
  {{- $wrong = append $wrong "federation.domain: societies answer at <slug>.<domain>; name the domain." -}}
{{- end -}}
{{- if $v.trial.enabled -}}
  {{- if lt (len $v.trial.seed) 16 -}}
    {{- $wrong = append $wrong "trial.seed: give 16 characters or more; every password of the trial derives from it." -}}
  {{- end -}}
  {{- if or $v.database.host $v.secrets.existingSecret $v.broker.existingSecret $v.cache.existingSecret $v.database.provisioner.existingSecret $v.database.admin.existingSecret -}}
    {{- $wrong = append $wrong "trial.enabled brings its own database, broker, cache and keys: leave database.host and every existingSecret but mail's empty." -}}
  {{- end -}}
{{- else -}}
  {{- range $value, $sentence := dict
      "secrets.existingSecret" (tuple $v.secrets.existingSecret "the Secret with SECRET_KEY, HUILIAN_DATABASE_KEY and HUILIAN_FIELD_KEY.")
      "database.host" (tuple $v.database.host "PostgreSQL 15 or newer.")
      "database.provisioner.existingSecret" (tuple $v.database.provisioner.existingSecret "the Secret with PROVISIONER_DATABASE_URL.")
      "broker.existingSecret" (tuple $v.broker.existingSecret "the Secret with BROKER_URL.")
      "cache.existingSecret" (tuple $v.cache.existingSecret "the Secret with CACHE_URL.") -}}
    {{- if not (index $sentence 0) -}}
      {{- $wrong = append $wrong (printf "%s: %s" $value (index $sentence 1)) -}}
    {{- end -}}
  {{- end -}}
  {{- if $v.federation.open.demo -}}
    {{- $wrong = append $wrong "federation.open.demo: made-up people belong into a trial (trial.enabled)." -}}
  {{- end -}}
{{- end -}}
{{- if and (eq $v.federation.scheme "https") (not $v.federation.behindProxy) -}}
  {{- $wrong = append $wrong "federation.behindProxy: with https somebody in front of web speaks TLS, and web must believe what it says." -}}
{{- end -}}
{{- if and $v.mail.user (not $v.mail.existingSecret) -}}
  {{- $wrong = append $wrong "mail.existingSecret: the Secret with the password of mail.user." -}}
{{- end -}}
{{- if $v.sms.provider -}}
  {{- if not (and $v.sms.keyId $v.sms.existingSecret $v.sms.signName) -}}
    {{- $wrong = append $wrong "sms.provider: it also needs sms.keyId, sms.signName and sms.existingSecret." -}}
  {{- end -}}
  {{- if and (eq $v.sms.provider "tencent") (not $v.sms.appId) -}}
    {{- $wrong = append $wrong "sms.appId: Tencent Cloud's SdkAppId." -}}
  {{- end -}}
{{- end -}}
{{- if and $v.tls.certManager.enabled (ne $v.federation.scheme "https") -}}
  {{- $wrong = append $wrong "tls.certManager.enabled: there is nothing to certify with federation.scheme http." -}}
{{- end -}}
{{- if and $v.tls.certManager.enabled (not $v.tls.certManager.issuer.name) -}}
  {{- $wrong = append $wrong "tls.certManager.issuer.name: the issuer of the wildcard's certificate (one that solves DNS-01)." -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
  {{- $wrong = append $wrong "httpRoute.parentRefs: name the Gateway that the route hangs on." -}}
{{- end -}}
{{- range $name := list "monitor" "rules" "dashboard" -}}
  {{- if and (index $v.metrics $name).enabled (not $v.metrics.enabled) -}}
    {{- $wrong = append $wrong (printf "metrics.%s.enabled: metrics.enabled is off, so there is nothing to see." $name) -}}
  {{- end -}}
{{- end -}}
{{- range $name := list "web" "worker" -}}
  {{- $scaling := (index $v $name).autoscaling -}}
  {{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
    {{- $wrong = append $wrong (printf "%s.autoscaling: minReplicas is more than maxReplicas." $name) -}}
  {{- end -}}
{{- end -}}
{{- if $wrong -}}
  {{- fail (printf "\n\nThese values are missing or do not go together:\n  - %s\n" (join "\n  - " $wrong)) -}}
{{- end -}}
{{- end }}
