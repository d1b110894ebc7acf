using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>The Kubernetes objects of <see cref="GoodPlan"/>.</summary>
internal static class GoodPlanCluster
{
    private const string Digest = "@sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string Restricted = """{"runAsNonRoot":true,"readOnlyRootFilesystem":true,"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}}""";
    private const string Quantities = """{"requests":{"cpu":"250m","memory":"256Mi"},"limits":{"memory":"512Mi"}}""";

    internal static IEnumerable<PlanResource> Resources(HealthContract contract) =>
    [
        GoodPlan.Kubernetes(ResourceTypes.ConfigMap, "orders", new JsonObject { ["data"] = new JsonObject { ["CANDOR_CONTRACT"] = ContractJson.Serialize(contract) } }.ToJsonString()),
        GoodPlan.Kubernetes(ResourceTypes.Secret, "orders", """{"stringData":{"ConnectionStrings__database":"Host=database.orders.svc.cluster.local;Username=orders;Password=[secret:candor:databasePassword]"}}"""),
        GoodPlan.Kubernetes(ResourceTypes.ServiceAccount, "orders", """{"automountServiceAccountToken":false}"""),
        Deployment(contract),
        GoodPlan.Kubernetes(ResourceTypes.Service, "orders", """{"spec":{"selector":{"app":"orders"},"ports":[{"name":"http","port":80,"targetPort":"http"}]}}"""),
        GoodPlan.Kubernetes(ResourceTypes.TargetGroupBinding, "orders", """{"spec":{"targetGroupARN":"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/orders/1","targetType":"ip","serviceRef":{"name":"orders","port":80}}}"""),
        GoodPlan.Kubernetes(ResourceTypes.PodDisruptionBudget, "orders", """{"spec":{"maxUnavailable":1,"unhealthyPodEvictionPolicy":"AlwaysAllow","selector":{"matchLabels":{"app":"orders"}}}}"""),
        GoodPlan.Kubernetes(ResourceTypes.HorizontalPodAutoscaler, "orders", """
            {"spec":{"minReplicas":3,"maxReplicas":12,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"orders"},
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":60}}}]}}
            """),
        Policy(),
        GoodPlan.Kubernetes(ResourceTypes.NetworkPolicy, "database", """
            {"spec":{"podSelector":{"matchLabels":{"app":"database"}},"policyTypes":["Ingress","Egress"],
             "ingress":[{"ports":[{"port":5432,"protocol":"TCP"}],"from":[{"podSelector":{"matchLabels":{"app":"orders"}}}]},
                        {"ports":[{"port":5432,"protocol":"TCP"}],"from":[{"ipBlock":{"cidr":"10.0.16.0/20"}}]}]}}
            """),
        Database(),
        GoodPlan.Kubernetes(ResourceTypes.Service, "database", """{"spec":{"selector":{"app":"database"},"ports":[{"port":5432,"targetPort":5432}]}}"""),
        GoodPlan.Kubernetes(ResourceTypes.ServiceMonitor, "orders", """{"spec":{"selector":{"matchLabels":{"app":"orders"}},"endpoints":[{"targetPort":"management"}]}}"""),
    ];

    private static PlanResource Policy() => GoodPlan.Kubernetes(ResourceTypes.NetworkPolicy, "orders", """
        {"spec":{"podSelector":{"matchLabels":{"app":"orders"}},"policyTypes":["Ingress","Egress"],
         "ingress":[{"ports":[{"port":8080,"protocol":"TCP"}],"from":[{"ipBlock":{"cidr":"10.0.0.0/24"}}]},
                    {"ports":[{"port":8080,"protocol":"TCP"}],"from":[{"ipBlock":{"cidr":"10.0.16.0/20"}}]},
                    {"ports":[{"port":9090,"protocol":"TCP"}],"from":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"monitoring"}}}]}],
         "egress":[{"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}],"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}}]},
                   {"ports":[{"port":5432,"protocol":"TCP"}],"to":[{"podSelector":{"matchLabels":{"app":"database"}}}]}]}}
        """);

    private static PlanResource Deployment(HealthContract contract)
    {
        var drain = contract.Drain;
        var deployment = GoodPlan.Kubernetes(ResourceTypes.Deployment, "orders", $$$$$"""
            {"spec":{"selector":{"matchLabels":{"app":"orders"}},"minReadySeconds":5,"progressDeadlineSeconds":600,
             "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0}},
             "template":{"metadata":{"labels":{"app":"orders"},"annotations":{"{{{{{ContractHash.Annotation}}}}}":"{{{{{ContractHash.Of(contract)}}}}}"}},
              "spec":{"serviceAccountName":"orders","automountServiceAccountToken":false,"terminationGracePeriodSeconds":{{{{{drain.TerminationGrace.TotalSeconds}}}}},
               "readinessGates":[{"conditionType":"target-health.elbv2.k8s.aws/orders"}],
               "topologySpreadConstraints":[{"topologyKey":"topology.kubernetes.io/zone","maxSkew":1,"whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"orders"}}},
                                            {"topologyKey":"kubernetes.io/hostname","maxSkew":1,"whenUnsatisfiable":"ScheduleAnyway","labelSelector":{"matchLabels":{"app":"orders"}}}],
               "containers":[{"name":"orders","image":"registry.example.com/orders{{{{{Digest}}}}}",
                "ports":[{"name":"http","containerPort":8080},{"name":"management","containerPort":9090}],
                "env":[{"name":"CANDOR_CONTRACT","valueFrom":{"configMapKeyRef":{"name":"orders","key":"CANDOR_CONTRACT"}}},
                       {"name":"ConnectionStrings__database","valueFrom":{"secretKeyRef":{"name":"orders","key":"ConnectionStrings__database"}}}],
                "startupProbe":{"httpGet":{"path":"/startupz","port":"http","scheme":"HTTP"},"initialDelaySeconds":0,"periodSeconds":5,"timeoutSeconds":3,"failureThreshold":18,"successThreshold":1},
                "livenessProbe":{"httpGet":{"path":"/healthz","port":"http","scheme":"HTTP"},"initialDelaySeconds":15,"periodSeconds":20,"timeoutSeconds":3,"failureThreshold":3,"successThreshold":1},
                "readinessProbe":{"httpGet":{"path":"/health?scope=local","port":"http","scheme":"HTTP"},"initialDelaySeconds":5,"periodSeconds":10,"timeoutSeconds":3,"failureThreshold":3,"successThreshold":1},
                "resources":{{{{{Quantities}}}}},"securityContext":{{{{{Restricted}}}}}}]}}}}
            """);
        return deployment with
        {
            DependsOn = [GoodPlan.Binding],
            IgnoreChanges = ["spec.replicas"],
            CustomTimeouts = new(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(30), null),
        };
    }

    private static PlanResource Database() => GoodPlan.Kubernetes(ResourceTypes.StatefulSet, "database", $$$$$"""
        {"spec":{"replicas":1,"serviceName":"database","selector":{"matchLabels":{"app":"database"}},
         "template":{"metadata":{"labels":{"app":"database"}},"spec":{"automountServiceAccountToken":false,
          "containers":[{"name":"database","image":"postgres{{{{{Digest}}}}}","args":["postgres","-c","max_connections=1000"],"ports":[{"containerPort":5432}],
           "startupProbe":{"tcpSocket":{"port":5432},"initialDelaySeconds":0,"periodSeconds":5,"timeoutSeconds":3,"failureThreshold":60,"successThreshold":1},
           "livenessProbe":{"tcpSocket":{"port":5432},"initialDelaySeconds":15,"periodSeconds":20,"timeoutSeconds":3,"failureThreshold":3,"successThreshold":1},
           "readinessProbe":{"exec":{"command":["pg_isready"]},"initialDelaySeconds":5,"periodSeconds":10,"timeoutSeconds":3,"failureThreshold":3,"successThreshold":1},
           "resources":{{{{{Quantities}}}}},"securityContext":{{{{{Restricted}}}}}}]}}}}
        """) with { Protect = true };
}
