namespace Candor.Local;

/// <summary>Makes and ends faults on the running stack, for its status page.</summary>
public interface IStackFaults : IAsyncDisposable
{
    /// <summary>Every fault that can be made on this stack.</summary>
    IReadOnlyList<StackFault> Catalogue { get; }

    /// <summary>Those that go on, also those that an earlier run left.</summary>
    IReadOnlyList<MadeFault> Made { get; }

    /// <summary>Makes a fault.</summary>
    /// <param name="name">Its name in the catalogue, such as <c>F204</c> or <c>F217/renamed-table</c>.</param>
    /// <param name="pod">The pod that it is made in where it is made in one; empty for the youngest.</param>
    /// <param name="cancellationToken">Cancels the injection; what was done is undone.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="LocalException">It cannot be made; nothing is left of it.</exception>
    Task<string> MakeAsync(string name, string pod, CancellationToken cancellationToken);

    /// <summary>Ends a fault: everything is as it was before.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancels the wait for another injection that is in progress.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="LocalException">It does not go on, or could not be undone.</exception>
    Task<string> EndAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A fault of the catalogue.</summary>
/// <param name="Name">Its name, such as <c>F204</c>.</param>
/// <param name="Family">What it breaks: database, cache, queue, network, process, clients, setup, or nothing.</param>
/// <param name="Title">What is done, in a sentence.</param>
/// <param name="OnePod">Whether it is made in one pod.</param>
public sealed record StackFault(string Name, string Family, string Title, bool OnePod);

/// <summary>A fault that goes on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What was done, in a sentence.</param>
/// <param name="Pod">The pod that it was made in; empty where it is not in one.</param>
/// <param name="Since">When it was made; null when an earlier run left it.</param>
public sealed record MadeFault(string Name, string Title, string Pod, DateTimeOffset? Since);
