using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Common;

/// <summary>Security contexts within the <c>restricted</c> Pod Security Standard, and a read-only root file system beyond it.</summary>
internal static class Restricted
{
    public static PodSecurityContextArgs Pod(int user) => new()
    {
        RunAsNonRoot = true,
        RunAsUser = user,
        RunAsGroup = user,
        FsGroup = user,
        FsGroupChangePolicy = "OnRootMismatch",
        SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
    };

    public static SecurityContextArgs Container() => new()
    {
        RunAsNonRoot = true,
        ReadOnlyRootFilesystem = true,
        AllowPrivilegeEscalation = false,
        Privileged = false,
        Capabilities = new CapabilitiesArgs { Drop = { "ALL" } },
        SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
    };
}
