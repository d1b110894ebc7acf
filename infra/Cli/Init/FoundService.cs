using Candor.Contract;

namespace Candor.Cli.Init;

/// <summary>What <c>./candor init</c> knows of a service: found in its project, asked for, or said by an option.</summary>
internal sealed record FoundService
{
    /// <summary>Its name: of its Kubernetes objects, target group, alarms and database.</summary>
    public required string Name { get; init; }

    /// <summary>Its project file; null for a service in another language.</summary>
    public string? Project { get; init; }

    /// <summary>The command that starts it on this machine; null for a project.</summary>
    public string? Command { get; init; }

    /// <summary>The repository of its image, without tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>The port of users and probes.</summary>
    public int Port { get; init; } = new HealthContract().Port;

    /// <summary>What it dials.</summary>
    public IReadOnlyList<Dependency> Dependencies { get; init; } = [];

    /// <summary>Where each thing comes from, and what to do about it, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The contract: what was found, and everything else by default.</summary>
    /// <exception cref="InvalidContractException">It does not hold; every violation is listed.</exception>
    public HealthContract Contract
    {
        get
        {
            var defaults = new HealthContract();
            var contract = defaults with
            {
                Port = Port,
                ManagementPort = Port == defaults.ManagementPort ? defaults.ManagementPort + 1 : defaults.ManagementPort,
                Dependencies = [.. Dependencies],
            };
            var violations = ContractValidator.Validate(contract);
            return violations.Count == 0 ? contract : throw new InvalidContractException("what init found", violations);
        }
    }
}
