using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Common;

/// <summary>Environment variables that come from elsewhere.</summary>
internal static class EnvVars
{
    public static EnvVarArgs FromSecret(string name, string secret, string key) => new()
    {
        Name = name,
        ValueFrom = new EnvVarSourceArgs { SecretKeyRef = new SecretKeySelectorArgs { Name = secret, Key = key } },
    };

    public static EnvVarArgs FromConfigMap(string name, string map, string key) => new()
    {
        Name = name,
        ValueFrom = new EnvVarSourceArgs { ConfigMapKeyRef = new ConfigMapKeySelectorArgs { Name = map, Key = key } },
    };
}
