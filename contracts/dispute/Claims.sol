// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ClaimStatus, ClaimView} from "../interfaces/IDispute.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {
    AlreadyClaimed,
    AlreadyFinal,
    AlreadyStated,
    ClaimDecided,
    NotClaimant,
    NotRollup,
    NotStaked,
    NothingToResolve,
    StaleMove,
    TooFarAhead,
    UnknownClaim,
    WrongBatch,
    WrongIndex
} from "../lib/Errors.sol";
import {Mode} from "../lib/Types.sol";
import {Finals} from "./Finals.sol";
import {Slots} from "./Slots.sol";
import {Stakes} from "./Stakes.sol";

/// Claims, the roots their claimants state, and the cascade. A claim's end is a function of time and state (`_status`); `_sync`
/// records it before anything else touches the claim, so that nobody's laziness changes an outcome.
abstract contract Claims is Stakes, Slots, Finals {
    struct Claim {
        address claimant;
        Mode kind;
        /// None until the end is recorded.
        ClaimStatus recorded;
        uint64 openGames;
        uint64 number;
        uint64 deadline;
        uint64 stakeId;
        uint256 value;
    }

    struct StatedRoot {
        uint256 root;
        /// Protocol time at which it was given; 0 when it was not.
        uint64 time;
    }

    IRollup internal immutable _rollup;

    uint256 public claimCount;
    mapping(uint256 claimId => Claim) internal _claims;
    mapping(uint256 claimId => mapping(uint64 index => StatedRoot)) internal _statements;
    mapping(uint256 stakeId => mapping(Mode kind => mapping(uint64 number => uint256))) public claimOf;

    constructor(IRollup rollup_) {
        _rollup = rollup_;
    }

    // ---------------------------------------------------------------- moves

    function claim(Mode kind, uint64 number, bytes32 batchHash, uint256 value) external returns (uint256 claimId) {
        return _claim(msg.sender, kind, number, batchHash, value);
    }

    function claimFor(address claimant, Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        external
        returns (uint256 claimId)
    {
        if (msg.sender != address(_rollup)) revert NotRollup();
        return _claim(claimant, kind, number, batchHash, value);
    }

    function resolve(uint256[] calldata claimIds) external whenNotPaused {
        bool any;
        for (uint256 i = 0; i < claimIds.length; ++i) {
            Claim storage c = _existing(claimIds[i]);
            if (c.recorded != ClaimStatus.None) continue;
            if (_sync(claimIds[i], c) != ClaimStatus.Open) any = true;
        }
        if (!any) revert NothingToResolve();
    }

    function state(uint256 claimId, bytes32 claimHash, uint64[] calldata indices, uint256[] calldata roots)
        external
        whenNotPaused
    {
        Claim storage c = _existing(claimId);
        if (msg.sender != c.claimant) revert NotClaimant();
        _requireOpen(claimId, c, claimHash);
        if (indices.length != roots.length) revert WrongIndex();
        for (uint256 i = 0; i < indices.length; ++i) {
            _state(claimId, c, indices[i], roots[i]);
        }
    }

    // ---------------------------------------------------------------- views

    function getClaims(uint256 from, uint256 to) external view returns (ClaimView[] memory views) {
        if (to < from) return views;
        views = new ClaimView[](to - from + 1);
        for (uint256 id = from; id <= to; ++id) {
            Claim storage c = _existing(id);
            ClaimStatus status = _status(c);
            views[id - from] = ClaimView({
                id: id,
                kind: c.kind,
                number: c.number,
                value: c.value,
                claimant: c.claimant,
                stakeId: c.stakeId,
                status: status,
                recorded: c.recorded != ClaimStatus.None,
                deadline: c.deadline,
                quietUntil: _slots[c.kind][c.number].quietUntil,
                openGames: c.openGames,
                // Of a claim that is recorded, which is not one of the live ones, this would mean nothing.
                rivals: c.recorded == ClaimStatus.None ? _rivals(c.kind, c.number, c.value) : 0,
                challengeable: status == ClaimStatus.Open && _challengeable(c),
                claimHash: _claimHash(id, c)
            });
        }
    }

    function statement(uint256 claimId, uint64 index) external view returns (bool known, uint256 root) {
        StatedRoot storage s = _statements[claimId][index];
        return (s.time != 0, s.root);
    }

    // ---------------------------------------------------------------- for games and proofs

    /// The payee of the proof behind a final value, 0 when it became final by time.
    function _finalPayee(Mode kind, uint64 number) internal view virtual returns (address);

    function _existing(uint256 claimId) internal view returns (Claim storage c) {
        c = _claims[claimId];
        if (c.claimant == address(0)) revert UnknownClaim(claimId);
    }

    function _claimHash(uint256 claimId, Claim storage c) internal view returns (bytes32) {
        return keccak256(abi.encode(claimId, c.kind, c.number, c.value, c.claimant, _rollup.batchHash(c.number)));
    }

    /// A move on a claim is for the claim the player has seen, and only while it is open.
    function _requireOpen(uint256 claimId, Claim storage c, bytes32 claimHash) internal view {
        bytes32 expected = _claimHash(claimId, c);
        if (claimHash != expected) revert StaleMove(expected);
        if (_status(c) != ClaimStatus.Open) revert ClaimDecided();
    }

    /// Whether `challenge` is open for an open claim: in its window, and as long as something else keeps it from being final.
    function _challengeable(Claim storage c) internal view returns (bool) {
        return time() < c.deadline || _rivals(c.kind, c.number, c.value) != 0
            || time() < _slots[c.kind][c.number].quietUntil;
    }

    /// What has become of a claim. When its stake was struck before the end was recorded, what it was at the strike decides. No
    /// game on it opens or closes, and nobody enters its slot that could matter, between the strike and the record; rivals that
    /// leave make it quiet until after the strike. So its status does not depend on when it is asked for.
    /// A final value, which then was proven, goes before time: a claim of another one is false and never final.
    function _status(Claim storage c) internal view returns (ClaimStatus) {
        if (c.recorded != ClaimStatus.None) return c.recorded;
        uint64 struckAt = _stakes[c.stakeId].struckAt;
        bool final_ = _finalAt(c, struckAt == 0 ? time() : struckAt);
        if (struckAt != 0 && !final_) return ClaimStatus.Void;
        (bool known, uint256 value) = finalValue(c.kind, c.number);
        if (known) return value == c.value ? ClaimStatus.Final : ClaimStatus.Refuted;
        return final_ ? ClaimStatus.Final : ClaimStatus.Open;
    }

    /// Records a claim's end, if it has one. A claim that contradicts a final value strikes its stake; R is then for the first
    /// open game on it that is settled, for the payee of the proof only when there is none.
    function _sync(uint256 claimId, Claim storage c) internal returns (ClaimStatus status) {
        status = _status(c);
        if (c.recorded != ClaimStatus.None || status == ClaimStatus.Open) return status;
        (bool known,) = finalValue(c.kind, c.number);
        if (status == ClaimStatus.Final && !known) _setFinal(c.kind, c.number, c.value, claimId);
        if (status != ClaimStatus.Refuted) {
            _record(claimId, c, status);
            return status;
        }
        bool strikes = _refute(claimId, c);
        address payee = _finalPayee(c.kind, c.number);
        if (strikes && c.openGames == 0 && payee != address(0)) _reward(_stakes[c.stakeId], payee);
    }

    /// The claim is false. Strikes its stake, unless it was struck: then false is returned.
    function _refute(uint256 claimId, Claim storage c) internal returns (bool strikes) {
        Stake storage s = _stakes[c.stakeId];
        _record(claimId, c, ClaimStatus.Refuted);
        strikes = s.struckAt == 0;
        if (strikes) _strike(c.stakeId, s);
    }

    // ---------------------------------------------------------------- inside

    function _claim(address claimant, Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        private
        whenNotPaused
        returns (uint256 claimId)
    {
        bytes32 expected = _rollup.batchHash(number);
        if (expected == 0 || batchHash != expected) revert WrongBatch(expected);
        _checkRoot(kind, value);
        if (kind == Mode.Root && number % _p.rootEvery != 0) revert WrongIndex();
        uint256 stakeId = stakeOf[claimant];
        if (stakeId == 0) revert NotStaked();
        claimId = claimOf[stakeId][kind][number];
        if (claimId != 0) revert AlreadyClaimed(claimId);
        (bool known,) = finalValue(kind, number);
        if (known) revert AlreadyFinal();
        uint64 last = lastFinalRoot;
        if (number > last && number - last > _p.maxAhead) revert TooFarAhead(last);

        uint64 window = kind == Mode.Root ? _p.rootWindow : _p.diffWindow;
        _enter(kind, number, value, window);
        _stakes[stakeId].live += 1;
        claimId = ++claimCount;
        claimOf[stakeId][kind][number] = claimId;
        Claim storage c = _claims[claimId];
        (c.claimant, c.kind, c.number, c.value, c.stakeId) = (claimant, kind, number, value, uint64(stakeId));
        c.deadline = time() + window;
        emit Claimed(claimId, kind, number, value, claimant, stakeId, c.deadline);
    }

    function _state(uint256 claimId, Claim storage c, uint64 index, uint256 root) private {
        if (index == 0 || index >= c.number) revert WrongIndex();
        _checkRoot(Mode.Root, root);
        StatedRoot storage s = _statements[claimId][index];
        if (s.time != 0) {
            if (s.root != root) revert AlreadyStated(s.root);
            return;
        }
        (s.root, s.time) = (root, time());
        emit Stated(claimId, index, root);
    }

    /// Whether time alone had made a claim final at `moment`.
    function _finalAt(Claim storage c, uint64 moment) private view returns (bool) {
        return c.openGames == 0 && moment >= c.deadline && _rivals(c.kind, c.number, c.value) == 0
            && moment >= _slots[c.kind][c.number].quietUntil;
    }

    function _record(uint256 claimId, Claim storage c, ClaimStatus status) private {
        c.recorded = status;
        _leave(c.kind, c.number, c.value, _p.quiet);
        _stakes[c.stakeId].live -= 1;
        emit ClaimResolved(claimId, status);
    }
}
