using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Pulumi;
using Pulumi.Aws.Ec2;

namespace Candor.Program.Dependencies.Managed;

/// <summary>What is asked of AWS for one dependency.</summary>
internal sealed record ManagedRequest(Dependency Dependency, StackConfig Config, Network Network, SecurityGroup Group, Scope Scope)
{
    /// <summary>Size and version.</summary>
    public ManagedPart Part => Config.Dependencies.Managed[Dependency.Kind];

    /// <summary>Its password, secret.</summary>
    public Output<string> Password => Config.Dependencies.Secrets[Dependency.Kind].Password!.Reveal();

    /// <summary>Its name, unique among the stacks of an account.</summary>
    public string Name => $"candor-{Deployment.Instance.StackName}-{Dependency.Name}";
}

/// <summary>What AWS gave.</summary>
/// <param name="Dependency">The dependency.</param>
/// <param name="Resource">What the services wait for.</param>
/// <param name="Host">Where it is reached.</param>
internal sealed record ManagedPiece(Dependency Dependency, Resource Resource, Output<string> Host);
