using System.Text.Json.Serialization;

namespace Candor.Chaos.Injection;

/// <summary>
/// Something that is done to a running stack, and how it is undone. It is data: written into the journal before it is done, so that
/// the next command can undo it when this one was killed.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
[JsonDerivedType(typeof(Sql), "sql")]
[JsonDerivedType(typeof(SqlHold), "sql-hold")]
[JsonDerivedType(typeof(SqlSessions), "sql-sessions")]
[JsonDerivedType(typeof(WrongPassword), "wrong-password")]
[JsonDerivedType(typeof(Redis), "redis")]
[JsonDerivedType(typeof(RedisAgain), "redis-again")]
[JsonDerivedType(typeof(Rabbit), "rabbit")]
[JsonDerivedType(typeof(Messages), "messages")]
[JsonDerivedType(typeof(Link), "link")]
[JsonDerivedType(typeof(ProbeLoss), "probe-loss")]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(KillProcess), "kill")]
[JsonDerivedType(typeof(Descriptors), "descriptors")]
[JsonDerivedType(typeof(Processor), "processor")]
[JsonDerivedType(typeof(FullDisk), "full-disk")]
[JsonDerivedType(typeof(Switch), "switch")]
[JsonDerivedType(typeof(Again), "again")]
[JsonDerivedType(typeof(Brief), "brief")]
[JsonDerivedType(typeof(WhilePaused), "while-paused")]
[JsonDerivedType(typeof(Rollout), "rollout")]
[JsonDerivedType(typeof(DrainOne), "drain")]
[JsonDerivedType(typeof(OtherPlan), "other-plan")]
[JsonDerivedType(typeof(Strangers), "strangers")]
internal abstract record Inject
{
    /// <summary>Whether it leaves something on the machine that outlives the stack, so that it has to be undone without one.</summary>
    [JsonIgnore]
    public virtual bool OutlivesStack => false;

    /// <summary>How it is undone, for the list.</summary>
    [JsonIgnore]
    public abstract string Undone { get; }

    /// <summary>Why it cannot be made here, or null when it can.</summary>
    public virtual string? Impossible(Site site) => null;

    /// <summary>Does it. Whatever undoing needs to know is kept by <see cref="Site.RememberAsync"/> before anything is changed.</summary>
    public abstract Task DoAsync(Site site, CancellationToken cancellationToken);

    /// <summary>Undoes it; harmless when it was done in part or not at all.</summary>
    public abstract Task UndoAsync(Site site, CancellationToken cancellationToken);
}
